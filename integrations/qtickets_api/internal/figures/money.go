package figures

import "reflect"

// WithoutMoney is a copy of an answer without its money: fields with the tag money:"yes" are zero, and elements of
// lists that are money as a whole are left out. Whoever may see no money is answered from the copy, so that no page,
// table or chart can hold an amount. Every field of type decimal.Decimal must have the tag; a test holds that.
func WithoutMoney(answer any) any {
	if answer == nil {
		return nil
	}
	return cleaned(reflect.ValueOf(answer)).Interface()
}

// wholeMoney is what an element of a list may say of itself.
type wholeMoney interface{ IsMoney() bool }

func cleaned(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return v
		}
		p := reflect.New(v.Type().Elem())
		p.Elem().Set(cleaned(v.Elem()))
		return p
	case reflect.Struct:
		return cleanedStruct(v)
	case reflect.Slice:
		return cleanedSlice(v)
	case reflect.Map:
		if v.IsNil() {
			return v
		}
		m := reflect.MakeMap(v.Type())
		for key, value := range v.Seq2() {
			m.SetMapIndex(key, cleaned(value))
		}
		return m
	case reflect.Interface:
		if v.IsNil() {
			return v
		}
		i := reflect.New(v.Type()).Elem()
		i.Set(cleaned(v.Elem()))
		return i
	default:
		return v
	}
}

func cleanedStruct(v reflect.Value) reflect.Value {
	s := reflect.New(v.Type()).Elem()
	s.Set(v)
	for _, field := range reflect.VisibleFields(v.Type()) {
		if !field.IsExported() || len(field.Index) > 1 {
			continue
		}
		to := s.FieldByIndex(field.Index)
		if field.Tag.Get("money") == "yes" {
			to.SetZero()
		} else {
			to.Set(cleaned(v.FieldByIndex(field.Index)))
		}
	}
	return s
}

func cleanedSlice(v reflect.Value) reflect.Value {
	if v.IsNil() {
		return v
	}
	list := reflect.MakeSlice(v.Type(), 0, v.Len())
	for i := range v.Len() {
		if one, ok := v.Index(i).Interface().(wholeMoney); !ok || !one.IsMoney() {
			list = reflect.Append(list, cleaned(v.Index(i)))
		}
	}
	return list
}
