// Package datalens describes what DataLens shows of the marts, once: datasets with their fields, charts, and a
// dashboard of tabs with selectors, in Russian and English. From the description come the requests of the public API
// (version 3), the tables of docs/datalens.md and the tests. Nothing here asks anybody: sending is the work of package
// publish.
//
// A body is an object, as encoding/json has it. Names of members are those of the published interface.
package datalens

// APIVersion is the version of the interface that the requests are written for (header x-dl-api-version).
const APIVersion = "3"

// Mark stands at the end of the description of all that is made here. What lacks it was made by a person.
const Mark = "qtickets_api"

// Prefix begins the names of calculated fields, tabs and widgets that are made here. What lacks it is a person's.
const Prefix = "qt_"
