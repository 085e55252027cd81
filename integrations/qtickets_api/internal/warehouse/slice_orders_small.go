//go:build small_slices

package warehouse

// sliceOrders is so small that the few orders of a test make several slices: the program that internal/crash kills is
// built so.
const sliceOrders = 16
