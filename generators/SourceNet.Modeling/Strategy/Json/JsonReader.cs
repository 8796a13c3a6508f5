using System.Globalization;
using System.Text;

namespace SourceNet.Modeling.Strategy.Json;

/// <summary>Reads JSON as RFC 8259 has it: no comments, no trailing commas, no name twice in an object. It never throws; the first error ends it.</summary>
public sealed class JsonReader
{
    /// <summary>Deeper texts are refused, so that none can exhaust the stack.</summary>
    private const int MaxDepth = 64;

    private readonly string _text;
    private int _at;
    private int _line;
    private int _lineStart;
    private JsonError? _error;

    private JsonReader(string text) => _text = text;

    private JsonPlace Place => new(_line, _at - _lineStart);

    private char Next => _at < _text.Length ? _text[_at] : '\0';

    private string Found => _at >= _text.Length ? "the end of the file" : char.IsControl(Next) ? "a control character" : $"'{Next}'";

    /// <summary>The value that the text is, or why it is none.</summary>
    public static (JsonValue? Value, JsonError? Error) Read(string text)
    {
        var reader = new JsonReader(text);
        var value = reader.Value(0);
        reader.SkipSpace();
        if (reader._error is null && reader._at < text.Length)
        {
            reader.Fail("the end of the file");
        }

        return reader._error is { } error ? (null, error) : (value, null);
    }

    private JsonValue? Value(int depth)
    {
        SkipSpace();
        if (depth == MaxDepth)
        {
            return Fail($"at most {MaxDepth} levels");
        }

        return Next switch
        {
            '{' => Object(depth),
            '[' => Array(depth),
            '"' => StringValue(),
            '-' or (>= '0' and <= '9') => Number(),
            _ => Literal("true", JsonKind.Boolean) ?? Literal("false", JsonKind.Boolean) ?? Literal("null", JsonKind.Null) ?? Fail("a value"),
        };
    }

    private JsonValue? Object(int depth)
    {
        var place = Place;
        var members = new List<JsonMember>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        _at++;
        SkipSpace();
        while (Next != '}' || members.Count > 0)
        {
            SkipSpace();
            var namePlace = Place;
            if (Next != '"')
            {
                return Fail(members.Count == 0 ? "a name in quotes or '}'" : "a name in quotes");
            }

            if (String() is not { } name)
            {
                return null;
            }

            if (!names.Add(name))
            {
                _error = new JsonError(namePlace, $"expected each name once, found \"{name}\" again");
                return null;
            }

            SkipSpace();
            if (!Take(':'))
            {
                return Fail("':'");
            }

            if (Value(depth + 1) is not { } value)
            {
                return null;
            }

            members.Add(new JsonMember(name, namePlace, value));
            SkipSpace();
            if (Take(','))
            {
                continue;
            }

            if (Next != '}')
            {
                return Fail("',' or '}'");
            }

            break;
        }

        _at++;
        return new JsonValue(JsonKind.Object, place, "", 0, default, members.ToEquatableArray());
    }

    private JsonValue? Array(int depth)
    {
        var place = Place;
        var items = new List<JsonValue>();
        _at++;
        SkipSpace();
        while (Next != ']' || items.Count > 0)
        {
            if (Value(depth + 1) is not { } item)
            {
                return null;
            }

            items.Add(item);
            SkipSpace();
            if (Take(','))
            {
                continue;
            }

            if (Next != ']')
            {
                return Fail("',' or ']'");
            }

            break;
        }

        _at++;
        return new JsonValue(JsonKind.Array, place, "", 0, items.ToEquatableArray(), default);
    }

    private JsonValue? StringValue()
    {
        var place = Place;
        return String() is { } text ? new JsonValue(JsonKind.String, place, text, 0, default, default) : null;
    }

    private string? String()
    {
        var text = new StringBuilder();
        for (_at++; Next != '"'; _at++)
        {
            if (_at >= _text.Length || Next < ' ')
            {
                Fail("'\"'");
                return null;
            }

            if (Next != '\\')
            {
                text.Append(Next);
            }
            else if (Escaped() is { } escaped)
            {
                text.Append(escaped);
            }
            else
            {
                return null;
            }
        }

        _at++;
        return text.ToString();
    }

    private char? Escaped()
    {
        _at++;
        switch (Next)
        {
            case '"' or '\\' or '/':
                return Next;
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'u' when _at + 4 < _text.Length
                && ushort.TryParse(_text.Substring(_at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                _at += 4;
                return (char)code;
            default:
                Fail("an escape such as \\n or \\u0041");
                return null;
        }
    }

    private JsonValue? Number()
    {
        var (start, place) = (_at, Place);
        Take('-');
        if (!Take('0') && !Digits())
        {
            return Fail("a digit");
        }

        if (Take('.') && !Digits())
        {
            return Fail("a digit");
        }

        if (Take('e') || Take('E'))
        {
            _ = Take('+') || Take('-');
            if (!Digits())
            {
                return Fail("a digit");
            }
        }

        var text = _text.Substring(start, _at - start);
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && !double.IsInfinity(number))
        {
            return new JsonValue(JsonKind.Number, place, text, number, default, default);
        }

        _error = new JsonError(place, $"expected a number that a double can hold, found {text}");
        return null;
    }

    private bool Digits()
    {
        var start = _at;
        while (Next is >= '0' and <= '9')
        {
            _at++;
        }

        return _at > start;
    }

    private JsonValue? Literal(string word, JsonKind kind)
    {
        if (string.CompareOrdinal(_text, _at, word, 0, word.Length) != 0)
        {
            return null;
        }

        var value = new JsonValue(kind, Place, word, 0, default, default);
        _at += word.Length;
        return value;
    }

    private bool Take(char expected)
    {
        if (_at >= _text.Length || Next != expected)
        {
            return false;
        }

        _at++;
        return true;
    }

    private void SkipSpace()
    {
        for (; Next is ' ' or '\t' or '\r' or '\n'; _at++)
        {
            if (Next == '\n' || (Next == '\r' && (_at + 1 >= _text.Length || _text[_at + 1] != '\n')))
            {
                _line++;
                _lineStart = _at + 1;
            }
        }
    }

    private JsonValue? Fail(string expected)
    {
        _error ??= new JsonError(Place, $"expected {expected}, found {Found}");
        return null;
    }
}
