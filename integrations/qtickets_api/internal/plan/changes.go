package plan

import "dashboard-mvp/integrations/qtickets_api/internal/warehouse"

// Kind is what becomes of a plan.
type Kind string

// The kinds.
const (
	New       Kind = "new"
	Changed   Kind = "changed"
	TakenBack Kind = "taken_back"
)

// Change is what an import does to a plan.
type Change struct {
	Kind        Kind
	Before, Now warehouse.PlanTarget
}

// Changes are what an import does to the plans that are held, in the order of the import.
func Changes(held, imported []warehouse.PlanTarget) []Change {
	before := map[warehouse.PlanKey]warehouse.PlanTarget{}
	for _, t := range held {
		before[t.PlanKey] = t
	}
	var changes []Change
	for _, now := range imported {
		old, known := before[now.PlanKey]
		c := Change{Kind: Changed, Before: old, Now: now}
		switch {
		case known && old.Equal(now), !known && now.Empty():
			continue
		case !known:
			c.Kind = New
		case now.Empty():
			c.Kind = TakenBack
		}
		changes = append(changes, c)
	}
	return changes
}
