//! The SQLite store keeps every promise of the trait.

use stepwell_store::SqliteStore;

#[test]
fn the_sqlite_store_conforms() {
    let mut folders = Vec::new();
    stepwell_store::conformance::check(|| {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(folder.path()).unwrap();
        folders.push(folder);
        store
    });
}
