//! Types that contain themselves.

#![expect(unused, reason = "nothing here runs")]

#[wharf::plugin]
pub mod recursion {
    pub struct Tree {
        pub name: String,
        pub children: Vec<Tree>,
    }

    pub struct Order {
        pub customer: Option<Box<Customer>>,
    }
    pub enum Customer {
        Known { orders: Orders },
        Unknown,
    }
    pub type Orders = Vec<Order>;

    pub fn plant(tree: Tree) -> Order {
        Order { customer: None }
    }
}

fn main() {}
