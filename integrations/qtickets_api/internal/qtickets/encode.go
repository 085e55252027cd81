package qtickets

import (
	"fmt"
	"net/url"
	"strconv"
	"time"
)

func (q Query) empty() bool {
	return len(q.Where) == 0 && len(q.OrderBy) == 0 && q.Page == 0 && q.PerPage == 0 && len(q.Select) == 0
}

// jsonBody writes the documented JSON body; the zero query has none.
func (q Query) jsonBody() ([]byte, error) {
	if q.empty() {
		return nil, nil
	}
	w := jsonWriter{}
	w.open('{')
	if len(q.Select) > 0 {
		w.name("select")
		w.open('[')
		for _, column := range q.Select {
			w.text(column)
		}
		w.close(']')
	}
	if len(q.Where) > 0 {
		w.name("where")
		w.open('[')
		for _, c := range q.Where {
			if err := w.condition(c, q.Dates); err != nil {
				return nil, err
			}
		}
		w.close(']')
	}
	if len(q.OrderBy) > 0 {
		w.name("orderBy")
		w.open('{')
		for _, s := range q.OrderBy {
			w.foreignName(s.Column)
			w.text(s.direction())
		}
		w.close('}')
	}
	if q.Page > 0 {
		w.name("page")
		w.number(int64(q.Page))
	}
	if q.PerPage > 0 {
		w.name("perPage")
		w.number(int64(q.PerPage))
	}
	w.close('}')
	return w.buf, nil
}

func (w *jsonWriter) condition(c Condition, dates TimeFormat) error {
	w.open('{')
	w.name("column")
	w.text(c.Column)
	if c.Operator != "" {
		w.name("operator")
		w.text(c.Operator)
	}
	if c.Value != nil {
		values, err := c.texts(dates)
		if err != nil {
			return err
		}
		w.name("value")
		switch v := c.Value.(type) {
		case int, int64:
			w.raw(values[0])
		case bool:
			w.raw(strconv.FormatBool(v))
		case []int64:
			w.open('[')
			for _, n := range values {
				w.raw(n)
			}
			w.close(']')
		default:
			w.text(values[0])
		}
	}
	w.close('}')
	return nil
}

// texts writes the value of a condition as URL parameters need it; a boolean is PHP's 1 or 0.
func (c Condition) texts(dates TimeFormat) ([]string, error) {
	switch v := c.Value.(type) {
	case int:
		return []string{strconv.Itoa(v)}, nil
	case int64:
		return []string{strconv.FormatInt(v, 10)}, nil
	case bool:
		if v {
			return []string{"1"}, nil
		}
		return []string{"0"}, nil
	case string:
		return []string{v}, nil
	case time.Time:
		return []string{dates.write(v)}, nil
	case []int64:
		list := make([]string, len(v))
		for i, n := range v {
			list[i] = strconv.FormatInt(n, 10)
		}
		return list, nil
	}
	return nil, fmt.Errorf("filter on %s: a value of type %T cannot be sent: "+
		"use an integer, bool, string, time.Time or []int64", c.Column, c.Value)
}

// bracketParams writes the query as URL parameters in PHP's bracket notation.
func (q Query) bracketParams() (url.Values, error) {
	values := url.Values{}
	for i, column := range q.Select {
		values.Set(fmt.Sprintf("select[%d]", i), column)
	}
	for i, c := range q.Where {
		prefix := fmt.Sprintf("where[%d]", i)
		values.Set(prefix+"[column]", c.Column)
		if c.Operator != "" {
			values.Set(prefix+"[operator]", c.Operator)
		}
		if c.Value == nil {
			continue
		}
		texts, err := c.texts(q.Dates)
		if err != nil {
			return nil, err
		}
		if _, list := c.Value.([]int64); !list {
			values.Set(prefix+"[value]", texts[0])
			continue
		}
		for j, text := range texts {
			values.Set(fmt.Sprintf("%s[value][%d]", prefix, j), text)
		}
	}
	for _, s := range q.OrderBy {
		values.Set("orderBy["+s.Column+"]", s.direction())
	}
	if q.Page > 0 {
		values.Set("page", strconv.Itoa(q.Page))
	}
	if q.PerPage > 0 {
		values.Set("perPage", strconv.Itoa(q.PerPage))
	}
	return values, nil
}
