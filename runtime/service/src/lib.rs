//! What runs beside a command: for now the control socket that shares one store between processes.
