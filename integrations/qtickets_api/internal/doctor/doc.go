// Package doctor examines an installation, in the order of the deployment checklist, and says of each
// finding what to do. It changes no data, and no finding holds a secret.
package doctor
