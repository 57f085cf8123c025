//! The stream that a plugin's stdout and stderr are: it takes everything at once.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use wasmtime_wasi::async_trait;
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamResult};

use crate::output::{Output, Source, WRITE_BYTES_MAX};

pub(super) struct Writer {
    output: Arc<Mutex<Output>>,
    source: Source,
}

impl Writer {
    pub(super) fn boxed(output: &Arc<Mutex<Output>>, source: Source) -> Box<dyn OutputStream> {
        Box::new(Self { output: Arc::clone(output), source })
    }
}

impl OutputStream for Writer {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.output.lock().expect("a panic of the sink ends the call").write(self.source, &bytes);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(WRITE_BYTES_MAX)
    }
}

#[async_trait]
impl Pollable for Writer {
    async fn ready(&mut self) {}
}
