namespace SourceNet.Modeling.Strategy.Json;

public enum JsonKind
{
    Null,
    Boolean,
    Number,
    String,
    Array,
    Object,
}

/// <summary>A place in a text: line and column, counted from 0.</summary>
public readonly record struct JsonPlace(int Line, int Column);

/// <summary>A value and where it begins.</summary>
/// <param name="Text">The string, without quotes and escapes; the number or literal as written.</param>
/// <param name="Number">The number, if it is one.</param>
public sealed record JsonValue(JsonKind Kind, JsonPlace Place, string Text, double Number, EquatableArray<JsonValue> Items, EquatableArray<JsonMember> Members)
{
    /// <summary>What it is, in words.</summary>
    public string Described => Kind switch
    {
        JsonKind.Object => "an object",
        JsonKind.Array => "an array",
        JsonKind.String => $"\"{Text}\"",
        _ => Text,
    };
}

/// <summary>A property of an object and where its name begins.</summary>
public sealed record JsonMember(string Name, JsonPlace Place, JsonValue Value);

/// <summary>What keeps a text from being read, and where.</summary>
public sealed record JsonError(JsonPlace Place, string Message);
