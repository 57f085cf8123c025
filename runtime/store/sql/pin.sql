SELECT text FROM pin WHERE digest = ?1
