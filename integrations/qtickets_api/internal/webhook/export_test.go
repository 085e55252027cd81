package webhook

// MaxBody is for tests at the limit.
const MaxBody = maxBody
