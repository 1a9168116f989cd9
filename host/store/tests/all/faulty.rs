//! The faulty store: until its fault it is the store behind it, from then on it is dead.

use engine::ExecutionArn;
use stepwell_store::{Error, Fault, FaultyStore, MemoryStore, Store};

use crate::memory::ended;

#[test]
fn until_its_fault_a_faulty_store_conforms() {
    stepwell_store::conformance::check(|| {
        FaultyStore::new(MemoryStore::new(), Fault::BeforeWrite, 1_000)
    });
}

#[test]
fn the_nth_commit_fails_and_everything_after_it() {
    for (fault, is_written) in [(Fault::BeforeWrite, false), (Fault::AfterWrite, true)] {
        let store = FaultyStore::new(MemoryStore::new(), fault, 2);
        assert!(store.commit(vec![ended("a", 1)]).is_ok());
        assert!(matches!(
            store.commit(vec![ended("b", 1)]),
            Err(Error::Dead(_))
        ));
        assert!(matches!(
            store.commit(vec![ended("c", 1)]),
            Err(Error::Dead(_))
        ));
        let a = ExecutionArn("a".into());
        assert!(
            matches!(store.index(&a), Err(Error::Dead(_))),
            "reads fail too"
        );

        let found = store.into_inner();
        assert!(found.index(&a).unwrap().is_some());
        let b = found.index(&ExecutionArn("b".into())).unwrap();
        assert_eq!(b.is_some(), is_written, "{fault:?}");
        assert!(found.index(&ExecutionArn("c".into())).unwrap().is_none());
    }
}
