//! Streams: opened again, resumed, and never read from another file unnoticed.

use std::fmt::Write as _;
use std::fs;

use super::{Error, Format, Kind, OnBadRow, Row, Stream};
use crate::files::{Files, Folders};
use crate::grant::Permit;

struct Place {
    dir: tempfile::TempDir,
    folders: Folders,
    permit: Permit,
}

impl Place {
    fn with(content: &[u8]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut folders = Folders::default();
        folders.open("inbox", dir.path()).unwrap();
        let place = Self { dir, folders, permit: Permit::of_flow(None) };
        place.write(content);
        place
    }

    fn write(&self, content: &[u8]) {
        fs::write(self.dir.path().join("rows.csv"), content).unwrap();
    }

    fn files(&self) -> Files<'_> {
        Files { folders: &self.folders, permit: &self.permit }
    }

    fn stream(&self, format: Format) -> Stream {
        Stream::of(self.files(), "inbox/rows.csv", format).unwrap()
    }

    /// The records of the rows, bad ones with a minus, and the code of the error at the end.
    fn records(&self, stream: &Stream, after: u64) -> (Vec<i64>, Option<&'static str>) {
        let rows = match stream.open(self.files(), after) {
            Ok(rows) => rows,
            Err(error) => return (Vec::new(), Some(error.code())),
        };
        let mut records = Vec::new();
        for row in rows {
            match row {
                Ok(Row::Good(row)) => records.push(row.record as i64),
                Ok(Row::Bad(row)) => records.push(-(row.record as i64)),
                Err(error) => return (records, Some(error.code())),
            }
        }
        (records, None)
    }
}

fn numbers(on_bad_row: OnBadRow, bad_rows_max: u64) -> Format {
    let number = Kind::Number { decimal: '.', group: None, empty: false };
    let columns = [("n".to_owned(), number)].into();
    Format { columns, on_bad_row, bad_rows_max, ..Format::default() }
}

const FIVE: &[u8] = b"n,m\n1,a\nx,b\n3,c\n4\n5,e\n";

#[test]
fn bad_rows_end_or_pass_or_stay() {
    let place = Place::with(FIVE);
    for (on_bad_row, most, records, end) in [
        (OnBadRow::Reject, 2, vec![1, -2, 3, -4, 5], None),
        (OnBadRow::Skip, 2, vec![1, 3, 5], None),
        (OnBadRow::Fail, 2, vec![1], Some("csv/bad-type")),
        (OnBadRow::Reject, 1, vec![1, -2, 3], Some("csv/too-many-bad-rows")),
        (OnBadRow::Skip, 0, vec![1], Some("csv/too-many-bad-rows")),
    ] {
        let stream = place.stream(numbers(on_bad_row, most));
        assert_eq!(place.records(&stream, 0), (records, end), "{on_bad_row:?} {most}");
    }
}

#[test]
fn streams_go_on_where_they_stopped() {
    let place = Place::with(FIVE);
    let stream = place.stream(numbers(OnBadRow::Reject, 2));
    let (all, _) = place.records(&stream, 0);
    for after in 0..=6 {
        let rest: Vec<i64> = all.iter().copied().filter(|it| it.unsigned_abs() > after).collect();
        assert_eq!(place.records(&stream, after), (rest, None), "{after}");
    }
    // What was bad before counts on.
    let strict = place.stream(numbers(OnBadRow::Reject, 1));
    assert_eq!(place.records(&strict, 2), (vec![3], Some("csv/too-many-bad-rows")));
}

#[test]
fn another_file_is_noticed() {
    let place = Place::with(FIVE);
    let stream = place.stream(numbers(OnBadRow::Reject, 2));
    place.write(b"n,m\n1,a\n");
    assert_eq!(place.records(&stream, 0), (vec![], Some("csv/changed")));
    // As long as before: known when all of it was read, or before anything is passed over.
    place.write(b"n,m\n1,a\nx,b\n3,c\n4\n5,f\n");
    assert_eq!(place.records(&stream, 0), (vec![1, -2, 3, -4, 5], Some("csv/changed")));
    assert_eq!(place.records(&stream, 3), (vec![], Some("csv/changed")));
    fs::remove_file(place.dir.path().join("rows.csv")).unwrap();
    assert_eq!(place.records(&stream, 0), (vec![], Some("file/not-found")));
}

#[test]
fn what_was_found_out_stays() {
    let place = Place::with(b"n;m\n1;\"a,b\"\n");
    let stream = place.stream(Format::default());
    assert_eq!(stream.format.delimiter, Some(b';'));
    assert_eq!(stream.format.encoding.as_deref(), Some("UTF-8"));
    let text = serde_json::to_string(&stream).unwrap();
    assert_eq!(serde_json::from_str::<Stream>(&text).unwrap(), stream);
    assert_eq!(place.records(&stream, 0), (vec![1], None));
}

#[test]
fn no_rows_are_rows_too() {
    for content in [b"".as_slice(), b"n,m\n", b"n,m"] {
        let place = Place::with(content);
        let stream = place.stream(Format::default());
        assert_eq!(place.records(&stream, 0), (vec![], None), "{content:?}");
    }
}

#[test]
fn many_rows_are_counted_to_the_last() {
    let mut content = String::from("n,text\n");
    for number in 0..200_000 {
        writeln!(content, "{number},some text that is not short").unwrap();
    }
    let place = Place::with(content.as_bytes());
    drop(content);
    let stream = place.stream(numbers(OnBadRow::Fail, 0));
    let rows = stream.open(place.files(), 199_990).unwrap();
    let last: Vec<_> = rows.map(|row| row.unwrap()).collect();
    assert_eq!(last.len(), 10);
    assert!(
        matches!(&last[9], Row::Good(row) if row.record == 200_000 && row.lines.first == 200_001)
    );
}

#[test]
fn wide_files_are_refused() {
    let header = vec!["c"; crate::limits::CSV_COLUMNS_MAX + 1];
    let place = Place::with(header.join(",").as_bytes());
    let format = Format { dedupe: true, ..Format::default() };
    let refused = Stream::of(place.files(), "inbox/rows.csv", format).unwrap_err();
    assert!(matches!(refused, Error::Exceeded(_)), "{refused}");
}
