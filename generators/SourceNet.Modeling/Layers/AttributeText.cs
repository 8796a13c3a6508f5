using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Layers;

/// <summary>Values as arguments of attributes. One that is not known is empty.</summary>
internal static class AttributeText
{
    /// <summary>A number, <c>nameof(width)</c> or an expression.</summary>
    public static string Size(Dim size) => !size.IsKnown ? ""
        : size.Constant is not null ? size.ToString()
        : size.Symbols().ToList() is [var only] && size.ToString() == only ? $"nameof({only})"
        : $"\"{size}\"";

    public static string Named(string name, Dim size) => Size(size) is { Length: > 0 } text ? $"{name} = {text}" : "";

    public static string Named(string name, EquatableArray<Dim> window) => Window(window) is { Length: > 0 } text ? $"{name} = {text}" : "";

    public static string Window(EquatableArray<Dim> window) => window.Any(size => !size.IsKnown) ? ""
        : window.Distinct().Count() == 1 ? Size(window[0])
        : window.All(size => size.Constant is not null) ? $"new[] {{ {string.Join(", ", window)} }}"
        : $"\"{string.Join(", ", window)}\"";

    /// <summary>1e-6, as people write it.</summary>
    public static string Number(double value) => Expression.Format(value).Replace("E-0", "e-").Replace("E", "e");

    public static string Flag(string name, bool value) => $"{name} = {(value ? "true" : "false")}";

    public static string Rate(Rate rate) => rate.Value is { } value ? Number(value)
        : !rate.IsKnown ? ""
        : rate.Text.All(c => char.IsLetterOrDigit(c) || c == '_') ? $"nameof({rate.Text})"
        : $"\"{rate.Text}\"";
}
