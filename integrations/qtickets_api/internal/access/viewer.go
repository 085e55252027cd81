package access

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Role is what somebody may see and do.
type Role string

// The roles, from the least to the most. Only Admin may change anything.
const (
	Shared      Role = "share"         // whoever has a share link: an event or a show, with or without money
	Event       Role = "event"         // one event
	ViewNoMoney Role = "view-no-money" // everything but money
	View        Role = "view"          // everything
	Admin       Role = "admin"         // everything, and may write
)

// Roles are those a person may have, from the most to the least.
func Roles() []Role { return []Role{Admin, View, ViewNoMoney, Event} }

// Viewer is who was let in. The zero value may see no money and change nothing.
type Viewer struct {
	Name    string // "": nobody is named, as with the link of a start
	Role    Role
	Event   uint64 // the only event they see; 0: all
	Show    uint64 // the only show of that event; 0: all
	NoMoney bool   // a share link without money
	Until   int64  // when the share link ends, Unix time
	// SignedIn tells whether there is a session to end.
	SignedIn bool
}

// MayWrite tells whether the viewer may change anything.
func (v Viewer) MayWrite() bool { return v.Role == Admin }

// SeesMoney tells whether answers to the viewer may hold amounts of money.
func (v Viewer) SeesMoney() bool {
	switch v.Role {
	case Admin, View, Event:
		return true
	case Shared:
		return !v.NoMoney
	default:
		return false
	}
}

type viewerKey struct{}

// With is a context of a request of the viewer.
func With(ctx context.Context, v Viewer) context.Context {
	return context.WithValue(ctx, viewerKey{}, v)
}

// ViewerOf is who sent the request of the context: the guard sets it for every request that it admits. Without a guard
// it is the zero Viewer.
func ViewerOf(ctx context.Context) Viewer {
	v, _ := ctx.Value(viewerKey{}).(Viewer)
	return v
}

// errRole quotes nothing: it may be a secret in the wrong place.
var errRole = errors.New("what follows the hash is no role: use view, view-no-money, event:ID or admin")

// parseRole reads "role" or "event:ID" of a line of the users file. What it cannot read is no role: a misspelt one must
// not give more than was meant.
func parseRole(text string) (Role, uint64, error) {
	name, id, hasID := strings.Cut(text, ":")
	var event uint64
	if hasID {
		if _, err := fmt.Sscanf(id, "%d", &event); err != nil || event == 0 || fmt.Sprint(event) != id {
			return "", 0, errRole
		}
	}
	for _, role := range Roles() {
		if string(role) == name && (role == Event) == hasID {
			return role, event, nil
		}
	}
	return "", 0, errRole
}
