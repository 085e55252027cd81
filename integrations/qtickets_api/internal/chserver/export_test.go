package chserver

// LibraryVersion is compared with the pinned package.
const LibraryVersion = libraryVersion

// Unconfined are the same options on a kernel without Landlock.
func Unconfined(o Options) Options {
	o.unconfined = true
	return o
}
