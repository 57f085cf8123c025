SELECT claim, number FROM run WHERE state = 0 AND claim IS NOT NULL
