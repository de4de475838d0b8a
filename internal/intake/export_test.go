package intake

// WellFormed lets stories make personal numbers of nobody.
var WellFormed = wellFormed
