package qtickets

import (
	"slices"
	"strconv"
	"time"
)

// row is what every list row can tell about itself, so that a response can be compared with its query.
type row interface {
	rowID() int64
	// cell gives a filterable column as an integer: ids as they are, booleans as 0 or 1, times in
	// Unix microseconds. known is false for columns the row cannot be checked by.
	cell(column string) (value Opt[int64], known bool)
}

func (o *Order) rowID() int64      { return o.ID }
func (e *Event) rowID() int64      { return e.ID }
func (d *Discount) rowID() int64   { return d.ID }
func (p *PromoCode) rowID() int64  { return p.ID }
func (c *ColorTheme) rowID() int64 { return c.ID }

func (o *Order) cell(column string) (Opt[int64], bool) {
	if slices.Contains(o.Unread, column) {
		return Opt[int64]{}, false // the row has a value, which nobody can compare
	}
	switch column {
	case "id":
		return Some(o.ID), true
	case "event_id":
		return o.EventID, true
	case "payed":
		return flagCell(o.Payed), true
	case "discount_id":
		return o.DiscountID, true
	case "promo_code_id":
		return o.PromoCodeID, true
	case "payed_at":
		return timeCell(o.PayedAt), true
	}
	return stampCell(column, o.CreatedAt, o.UpdatedAt, o.DeletedAt)
}

func (e *Event) cell(column string) (Opt[int64], bool) {
	if slices.Contains(e.Unread, column) {
		return Opt[int64]{}, false // the row has a value, which nobody can compare
	}
	switch column {
	case "id":
		return Some(e.ID), true
	case "is_active":
		return flagCell(e.IsActive), true
	}
	return stampCell(column, e.CreatedAt, e.UpdatedAt, e.DeletedAt)
}

func (d *Discount) cell(column string) (Opt[int64], bool) {
	if slices.Contains(d.Unread, column) {
		return Opt[int64]{}, false // the row has a value, which nobody can compare
	}
	switch column {
	case "id":
		return Some(d.ID), true
	case "is_active":
		return flagCell(d.IsActive), true
	}
	return stampCell(column, d.CreatedAt, d.UpdatedAt, d.DeletedAt)
}

func (p *PromoCode) cell(column string) (Opt[int64], bool) {
	if slices.Contains(p.Unread, column) {
		return Opt[int64]{}, false // the row has a value, which nobody can compare
	}
	switch column {
	case "id":
		return Some(p.ID), true
	case "is_active":
		return flagCell(p.IsActive), true
	case "discount_id":
		return p.DiscountID, true
	}
	return stampCell(column, p.CreatedAt, p.UpdatedAt, p.DeletedAt)
}

func (c *ColorTheme) cell(column string) (Opt[int64], bool) {
	return Some(c.ID), column == "id"
}

func stampCell(column string, created, updated, deleted Opt[time.Time]) (Opt[int64], bool) {
	switch column {
	case "created_at":
		return timeCell(created), true
	case "updated_at":
		return timeCell(updated), true
	case "deleted_at":
		return timeCell(deleted), true
	}
	return Opt[int64]{}, false
}

func flagCell(o Opt[bool]) Opt[int64] {
	if o.Value {
		return Opt[int64]{1, o.Valid}
	}
	return Opt[int64]{0, o.Valid}
}

func timeCell(o Opt[time.Time]) Opt[int64] { return Opt[int64]{o.Value.UnixMicro(), o.Valid} }

// checkRows compares rows with the filters and the order asked for (API notes, section 18, rows 1
// and 2). Columns the rows cannot be checked by, and those a select left out, are taken on trust.
func checkRows[T any, P interface {
	*T
	row
}](q Query, rows []T) *IgnoredError {
	for _, c := range q.Where {
		allowed, checkable := c.values()
		if !checkable || !q.selects(c.Column) {
			continue
		}
		for i := range rows {
			value, known := P(&rows[i]).cell(c.Column)
			if known && !c.holds(value, allowed) {
				return &IgnoredError{What: "where", Column: c.Column, RowID: P(&rows[i]).rowID()}
			}
		}
	}
	if len(q.OrderBy) == 0 || !q.selects(q.OrderBy[0].Column) {
		return nil
	}
	sort := q.OrderBy[0]
	var last Opt[int64]
	for i := range rows {
		value, known := P(&rows[i]).cell(sort.Column)
		if !known || !value.Valid {
			continue
		}
		if last.Valid && value.Value != last.Value && (value.Value < last.Value) != sort.Desc {
			return &IgnoredError{What: "orderBy", Column: sort.Column, RowID: P(&rows[i]).rowID()}
		}
		last = value
	}
	return nil
}

func (q Query) selects(column string) bool {
	return len(q.Select) == 0 || slices.Contains(q.Select, column)
}

// values turns the condition's value into what cell gives; it is not checkable when that is
// impossible.
func (c Condition) values() (list []int64, checkable bool) {
	switch v := c.Value.(type) {
	case nil:
		return nil, c.Operator == "null" || c.Operator == "not null"
	case int:
		return []int64{int64(v)}, true
	case int64:
		return []int64{v}, true
	case bool:
		return []int64{flagCell(Some(v)).Value}, true
	case time.Time:
		// Filters travel in whole seconds.
		return []int64{v.Truncate(time.Second).UnixMicro()}, true
	case []int64:
		return v, true
	case string:
		return stringValue(v)
	}
	return nil, false
}

func stringValue(s string) ([]int64, bool) {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return []int64{n}, true
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return []int64{t.UnixMicro()}, true
	}
	if t, err := time.ParseInLocation(time.DateTime, s, moscow); err == nil {
		return []int64{t.UnixMicro()}, true
	}
	return nil, false
}

// holds applies SQL's rule that an absent value satisfies no comparison.
func (c Condition) holds(value Opt[int64], allowed []int64) bool {
	switch c.Operator {
	case "null":
		return !value.Valid
	case "not null":
		return value.Valid
	}
	if !value.Valid || len(allowed) == 0 {
		return false
	}
	n, limit := value.Value, allowed[0]
	switch c.Operator {
	case "", "=":
		return n == limit
	case "!=", "<>":
		return n != limit
	case "<":
		return n < limit
	case "<=":
		return n <= limit
	case ">":
		return n > limit
	case ">=":
		return n >= limit
	case "in":
		return slices.Contains(allowed, n)
	case "not in":
		return !slices.Contains(allowed, n)
	}
	return true // an operator we do not know cannot be checked
}

// checkPage compares a response with its query (API notes, section 1, rule 3).
func checkPage[T any, P listRow[T]](path string, q Query, page Page[T]) error {
	asked := max(q.Page, 1)
	ignored := checkRows[T, P](q, page.Rows)
	switch {
	case page.Paging.CurrentPage != asked:
		ignored = &IgnoredError{What: "page", Column: "currentPage"}
	case len(page.Rows)+len(page.Invalid) > page.Paging.PerPage:
		ignored = &IgnoredError{What: "page", Column: "perPage"}
	}
	if ignored == nil {
		return nil
	}
	ignored.Path = path
	return ignored
}
