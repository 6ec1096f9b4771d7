//! What look-ups cost in a built-in catalog: `cargo xtask bench growth` builds this within a copy of the core's package
//! that has such catalogs.

mod lookups;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [id, entries] = arguments.as_slice() else {
        panic!("it takes the id of a catalog and how many entries it has")
    };
    let catalog = retriage::catalog(id).expect("it is built in");
    let [number, name] = lookups::times(catalog, entries.parse().expect("a number of entries"));
    println!("{number:.1} {name:.1}");
}
