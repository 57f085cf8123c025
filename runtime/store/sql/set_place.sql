UPDATE place SET last = ?1
