//! Raw baselines for `wharf bench`: the same statements without wharf around them.
