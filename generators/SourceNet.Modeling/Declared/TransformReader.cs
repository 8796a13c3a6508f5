using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Declared;

/// <summary>Reads and checks what an attribute says about a change of images.</summary>
internal sealed class TransformReader
{
    private const string Interpolations = "global::SourceNet.Training.ImageInterpolation";

    private readonly AttributeReader attribute;
    private readonly int problemsBefore;
    private readonly List<TransformArgument> arguments = [];

    private TransformReader(AttributeReader attribute) => (this.attribute, problemsBefore) = (attribute, attribute.Scope.Problems.Count);

    internal static List<TransformArgument> Arguments(TransformKind kind, AttributeReader attribute)
    {
        var reader = new TransformReader(attribute);
        reader.Read(kind.Name);
        return reader.arguments;
    }

    private void Read(string kind)
    {
        switch (kind)
        {
            case "RandomCrop":
                Size();
                AddNamed("Padding", value => value >= 0, "at least 0");
                break;
            case "RandomResizedCrop":
                Size();
                Pair("MinScale", 0.08, "MaxScale", 1, value => value is > 0 and <= 1, "above 0 and at most 1");
                Pair("MinRatio", 0.75, "MaxRatio", 4.0 / 3, IsAbove0, "above 0");
                Interpolation();
                break;
            case "RandomHorizontalFlip":
                Add("p", attribute.Positional(0), "The probability", IsShare, "in [0, 1]");
                break;
            case "RandomRotation":
                Add("degrees", attribute.Positional(0), "The greatest angle", value => value >= 0, "at least 0");
                Sampling();
                break;
            case "RandomAffine":
                Add("degrees", attribute.Positional(0), "The greatest angle", value => value >= 0, "at least 0");
                AddNamed("TranslateX", IsShare, "in [0, 1]");
                AddNamed("TranslateY", IsShare, "in [0, 1]");
                Pair("MinScale", 1, "MaxScale", 1, IsAbove0, "above 0");
                AddNamed("ShearX", value => value is >= 0 and < 90, "in [0, 90)");
                AddNamed("ShearY", value => value is >= 0 and < 90, "in [0, 90)");
                Sampling();
                break;
            case "RandAugment":
                Add("n", attribute.Positional(0), "The number of changes", value => value >= 0, "at least 0");
                Add("m", attribute.Positional(1), "The strength", value => value is >= 0 and <= 30, "in [0, 30]");
                Sampling();
                break;
            case "TrivialAugment":
                Sampling();
                break;
            case "AugMix":
                AddNamed("Severity", value => value is >= 1 and <= 10, "in [1, 10]");
                AddNamed("Width", value => value >= 1, "at least 1");
                AddNamed("Depth", value => value >= 0, "at least 0");
                AddNamed("Alpha", IsAbove0, "above 0");
                Switch("AllOperations");
                Sampling();
                break;
            case "ColorJitter":
                AddNamed("Brightness", value => value >= 0, "at least 0");
                AddNamed("Contrast", value => value >= 0, "at least 0");
                AddNamed("Saturation", value => value >= 0, "at least 0");
                break;
            case "Normalize":
                Channels();
                break;
            case "RandomErasing":
                Add("p", attribute.Positional(0), "The probability", IsShare, "in [0, 1]");
                Pair("MinScale", 0.02, "MaxScale", 0.33, IsShare, "in [0, 1]");
                Pair("MinRatio", 0.3, "MaxRatio", 3.3, IsAbove0, "above 0");
                break;
        }
    }

    private static bool IsShare(double value) => value is >= 0 and <= 1;

    private static bool IsAbove0(double value) => value > 0;

    private void Size() => Add("size", attribute.Positional(0), "The size", value => value >= 1, "at least 1");

    /// <summary>How turned images are sampled.</summary>
    private void Sampling()
    {
        Interpolation();
        AddNamed("Fill", value => value is >= 0 and <= 255, "in [0, 255]");
    }

    private void Interpolation()
    {
        if (!attribute.Says("Interpolation"))
        {
            return;
        }

        var name = attribute.Named("Interpolation") switch { 0 => "Nearest", 1 => "Bilinear", _ => null };
        if (name is null)
        {
            var found = attribute.Named("Interpolation")?.ToString() ?? "nothing";
            attribute.Scope.Problems.Add(Problems.WrongValue($"Interpolation of {attribute.Name}", "Nearest or Bilinear", found, attribute.Origin));
            return;
        }

        arguments.Add(new("interpolation", $"{Interpolations}.{name}", name.ToLowerInvariant()));
    }

    private void Switch(string name)
    {
        if (attribute.Says(name) && attribute.Named(name) is bool value)
        {
            var text = value ? "true" : "false";
            arguments.Add(new(Parameter(name), text, text));
        }
    }

    private void Channels()
    {
        var mean = AddList("mean", 0, "A mean", _ => true, "a finite number");
        var deviation = AddList("standardDeviation", 1, "A standard deviation", IsAbove0, "above 0");
        if (mean != deviation)
        {
            attribute.Scope.Problems.Add(Problems.WrongValue("Normalize", "given as many standard deviations as means",
                $"{mean} means and {deviation} standard deviations", attribute.Origin));
        }
    }

    /// <summary>Two numbers of which either may be left out; one that is out of range says nothing about the other.</summary>
    private void Pair(string least, double defaultLeast, string most, double defaultMost, Func<double, bool> isInRange, string range)
    {
        var minimum = AddNamed(least, isInRange, range) ?? defaultLeast;
        var maximum = AddNamed(most, isInRange, range) ?? defaultMost;
        if (maximum < minimum && attribute.Scope.Problems.Count == problemsBefore)
        {
            attribute.Scope.Problems.Add(Problems.OutOfRange($"{most} of {attribute.Name}", $"at least {least}, {Expression.Format(minimum)}", maximum,
                attribute.Origin));
        }
    }

    private double Add(string name, object? value, string what, Func<double, bool> isInRange, string range)
    {
        var number = attribute.Rate(value, what, isInRange, range).Value ?? 0;
        var text = Expression.Format(number);
        arguments.Add(new(name, text, text));
        return number;
    }

    private double? AddNamed(string name, Func<double, bool> isInRange, string range) =>
        attribute.Says(name) ? Add(Parameter(name), attribute.Named(name), name, isInRange, range) : null;

    private int AddList(string name, int index, string what, Func<double, bool> isInRange, string range)
    {
        var values = attribute.Positional(index) as object?[] ?? [];
        if (values.Length == 0)
        {
            attribute.Scope.Problems.Add(Problems.WrongValue($"{what} of Normalize", "given for each channel", "none", attribute.Origin));
        }

        var text = $"[{string.Join(", ", values.Select(value => Expression.Format(attribute.Rate(value, what, isInRange, range).Value ?? 0)))}]";
        arguments.Add(new(name, text, text));
        return values.Length;
    }

    private static string Parameter(string name) => char.ToLowerInvariant(name[0]) + name.Substring(1);
}
