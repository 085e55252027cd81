package chserver

// LibraryVersion is compared with the pinned package.
const LibraryVersion = libraryVersion
