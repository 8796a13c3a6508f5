using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Recognized;

namespace SourceNet.Modeling.Declared;

/// <summary>The front end for <c>[Augmentation]</c>: reads a class into an <see cref="AugmentationDeclaration"/>. Never throws on any source text.</summary>
public static class AugmentationReader
{
    /// <summary>The metadata name of the attribute that marks an augmentation.</summary>
    public const string AttributeName = Symbols.AugmentationAttribute;

    /// <summary>The changes in the order in which they are made, whatever the order of the attributes.</summary>
    private static readonly string[] s_kinds = ["RandomCrop", "RandomHorizontalFlip", "ColorJitter", "Normalize", "RandomErasing"];

    /// <summary>The changes that regularize: all but the first step of every network.</summary>
    public static IEnumerable<string> Regularizing => s_kinds.Where(kind => kind != "Normalize");

    /// <summary>Whether the class says <c>[Augmentation]</c>.</summary>
    public static bool IsAugmentation(INamedTypeSymbol type) => Symbols.IsDeclaredAugmentation(type);

    public static AugmentationDeclaration Read(INamedTypeSymbol type)
    {
        var scope = new Scope(type, new StackedModels(CodeBodies.None, default));
        var identity = TypeReader.Read(type, TypeReader.Augmentation, scope.Problems);
        if (identity.CanExtend && WritesConstructor(type))
        {
            scope.Problems.Add(Problems.WrittenConstructor(type.Name, Origin.Class));
            identity = identity with { CanDerive = false };
        }

        var transforms = new List<ImageTransform>();
        var attributes = Symbols.Attributes(type);
        for (var i = 0; i < attributes.Count; i++)
        {
            var attribute = new AttributeReader(attributes[i], scope, new Origin(OriginKind.Class, Attribute: i));
            if (IsTransform(attributes[i].AttributeClass!) && attribute.IsBound && transforms.All(transform => transform.Kind != attribute.Name))
            {
                transforms.Add(new ImageTransform(attribute.Name, Arguments(attribute).ToEquatableArray(), attribute.Origin));
            }
        }

        return new(identity, transforms.OrderBy(transform => Array.IndexOf(s_kinds, transform.Kind)).ToEquatableArray(), scope.Problems.ToEquatableArray());
    }

    internal static bool IsTransform(INamedTypeSymbol attribute) => !Symbols.IsSourceNet(attribute) && s_kinds.Contains(AttributeReader.NameOf(attribute));

    private static bool WritesConstructor(INamedTypeSymbol type) => type.InstanceConstructors
        .Any(constructor => !constructor.IsImplicitlyDeclared && !Symbols.IsGenerated(constructor))
        || type.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax()).Any(part => part is TypeDeclarationSyntax { ParameterList: not null });

    private static List<TransformArgument> Arguments(AttributeReader attribute)
    {
        var arguments = new List<TransformArgument>();
        var before = attribute.Scope.Problems.Count;
        switch (attribute.Name)
        {
            case "RandomCrop":
                Add("size", attribute.Positional(0), "The size", value => value >= 1, "at least 1");
                AddNamed("Padding", value => value >= 0, "at least 0");
                break;
            case "RandomHorizontalFlip":
                Add("p", attribute.Positional(0), "The probability", value => value is >= 0 and <= 1, "in [0, 1]");
                break;
            case "ColorJitter":
                AddNamed("Brightness", value => value >= 0, "at least 0");
                AddNamed("Contrast", value => value >= 0, "at least 0");
                AddNamed("Saturation", value => value >= 0, "at least 0");
                break;
            case "Normalize":
                var mean = AddList("mean", 0, "A mean", _ => true, "a finite number");
                var deviation = AddList("standardDeviation", 1, "A standard deviation", value => value > 0, "above 0");
                if (mean != deviation)
                {
                    attribute.Scope.Problems.Add(Problems.WrongValue("Normalize", "given as many standard deviations as means", $"{mean} means and {deviation} standard deviations", attribute.Origin));
                }

                break;
            case "RandomErasing":
                Add("p", attribute.Positional(0), "The probability", value => value is >= 0 and <= 1, "in [0, 1]");
                var minScale = AddNamed("MinScale", value => value is >= 0 and <= 1, "in [0, 1]") ?? 0.02;
                AtLeast("MinScale", minScale, "MaxScale", AddNamed("MaxScale", value => value is >= 0 and <= 1, "in [0, 1]") ?? 0.33);
                var minRatio = AddNamed("MinRatio", value => value > 0, "above 0") ?? 0.3;
                AtLeast("MinRatio", minRatio, "MaxRatio", AddNamed("MaxRatio", value => value > 0, "above 0") ?? 3.3);
                break;
        }

        return arguments;

        // One of them may be left out, and one that is out of range says nothing.
        void AtLeast(string least, double minimum, string most, double maximum)
        {
            if (maximum < minimum && attribute.Scope.Problems.Count == before)
            {
                attribute.Scope.Problems.Add(Problems.OutOfRange($"{most} of {attribute.Name}", $"at least {least}, {Sizes.Expression.Format(minimum)}", maximum, attribute.Origin));
            }
        }

        double Add(string name, object? value, string what, Func<double, bool> isInRange, string range)
        {
            var number = attribute.Rate(value, what, isInRange, range).Value ?? 0;
            arguments.Add(new(name, new[] { number }.ToEquatableArray(), IsList: false));
            return number;
        }

        double? AddNamed(string name, Func<double, bool> isInRange, string range) =>
            attribute.Says(name) ? Add(char.ToLowerInvariant(name[0]) + name.Substring(1), attribute.Named(name), name, isInRange, range) : null;

        int AddList(string name, int index, string what, Func<double, bool> isInRange, string range)
        {
            var values = attribute.Positional(index) as object?[] ?? [];
            if (values.Length == 0)
            {
                attribute.Scope.Problems.Add(Problems.WrongValue($"{what} of Normalize", "given for each channel", "none", attribute.Origin));
            }

            arguments.Add(new(name, values.Select(value => attribute.Rate(value, what, isInRange, range).Value ?? 0).ToEquatableArray(), IsList: true));
            return values.Length;
        }
    }
}
