package block

import (
	"dashboard-mvp/integrations/qtickets_api/internal/access"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
)

var _ = defineStatic(Block{ID: "people", Screen: address.Data, Order: 58}, Builder.people)

// people are who signs in here, what each may see, and when they did last; for who may end that.
func (b Builder) people(v *View) {
	if v.hidden = len(b.House.People) == 0; v.hidden {
		return
	}
	v.Title, v.Note = b.T("people.heading", len(b.House.People)), b.T("people.note")
	v.Grants = &Grants{Action: b.Params.FormAction("/people/revoke"), Field: "name",
		Columns: []string{b.T("people.person"), b.T("people.role"), b.T("people.signed_in")}}
	for _, p := range b.House.People {
		row := Grant{Cells: []string{format.Sanitize(p.Name), b.role(p.Person), b.signedIn(p)}}
		if p.Name != b.House.Viewer { // nobody locks themselves out
			row.Revoke = p.Name
		}
		v.Grants.Rows = append(v.Grants.Rows, row)
	}
}

func (b Builder) role(p access.Person) string {
	role := b.T("people.role." + string(p.Role))
	if p.Event != 0 {
		role += " " + address.ID(p.Event)
	}
	return role
}

// signedIn is when somebody signed in by the form last, or why they did not.
func (b Builder) signedIn(p access.Known) string {
	switch {
	case !p.SignedIn.IsZero() && p.HasPassword():
		return b.MomentFull(p.SignedIn)
	case p.HasPassword():
		return b.T("people.never")
	case p.Invited.After(b.Now):
		return b.T("people.invited", b.MomentFull(p.Invited))
	default:
		return b.T("people.expired")
	}
}
