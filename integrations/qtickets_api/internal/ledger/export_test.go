package ledger

// What tests outside of the package look at.
var (
	OpenRuns = (*Ledger).openRuns
	MarkDead = (*Ledger).markDead
)
