using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Layers;

/// <summary>Settings in words.</summary>
internal static class Words
{
    public static string Window(EquatableArray<Dim> sizes) => sizes.Distinct().Count() == 1 ? sizes[0].ToString() : string.Join("x", sizes);

    /// <summary>Nothing where a setting is the usual one.</summary>
    public static string Unless(EquatableArray<Dim> sizes, long usual, string name) =>
        sizes.All(size => size.Constant == usual) ? "" : $"{name} {Window(sizes)}";

    public static string Rate(Graph.Rate rate, string name) => rate.IsZero ? "" : $"{name} {rate.Text}";
}
