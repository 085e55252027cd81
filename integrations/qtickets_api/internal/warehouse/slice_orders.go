//go:build !small_slices

package warehouse

// sliceOrders is how many orders a slice holds when it is cut; one that has grown to more than twice as many is cut
// again. What a sale costs is the computing of one slice; what readers pay is a row per slice, where one row for all
// would do.
const sliceOrders = 8192
