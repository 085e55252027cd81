package warehouse

// What tests outside of the package look at.
var (
	OtherRuns = (*DB).otherRuns
	Bury      = (*DB).bury
)
