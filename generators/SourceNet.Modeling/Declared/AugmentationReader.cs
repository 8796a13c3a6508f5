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

    /// <summary>The changes that regularize: all but the first step of every network.</summary>
    public static IEnumerable<string> Regularizing => TransformKind.All.Where(kind => kind.IsRandom).Select(kind => kind.Name);

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
            if (!Symbols.IsSourceNet(attributes[i].AttributeClass!) && TransformKind.Find(attribute.Name) is { } kind
                && attribute.IsBound && IsNew(transforms, kind, attribute))
            {
                transforms.Add(new ImageTransform(kind.Name, kind.Slot, TransformReader.Arguments(kind, attribute).ToEquatableArray(), attribute.Origin));
            }
        }

        CheckSampling(transforms, scope);
        return new(
            identity,
            transforms.OrderBy(transform => TransformKind.Order(transform.Kind)).ToEquatableArray(),
            scope.Problems.ToEquatableArray());
    }

    internal static bool IsTransform(INamedTypeSymbol attribute) =>
        !Symbols.IsSourceNet(attribute) && TransformKind.Find(AttributeReader.NameOf(attribute)) is not null;

    /// <summary>A second attribute of one kind is the compiler's business; of two kinds that exclude each other the later one is reported.</summary>
    private static bool IsNew(List<ImageTransform> transforms, TransformKind kind, AttributeReader attribute)
    {
        if (transforms.FirstOrDefault(transform => transform.Kind != kind.Name && kind.Excludes(transform.Kind)) is { } other)
        {
            attribute.Scope.Problems.Add(Problems.WrongValue($"What {kind.Does} in an augmentation", "one attribute", $"{other.Kind} and {kind.Name}",
                attribute.Origin));
            return false;
        }

        return transforms.All(transform => transform.Kind != kind.Name);
    }

    /// <summary>A rotation and an affine change are one map, which samples the image once and in one way.</summary>
    private static void CheckSampling(List<ImageTransform> transforms, Scope scope)
    {
        var sampled = transforms.Where(transform => transform.Kind is "RandomRotation" or "RandomAffine").ToList();
        if (sampled is [var first, var later] && Sampling(first) != Sampling(later))
        {
            scope.Problems.Add(Problems.WrongValue(
                $"Interpolation and Fill of {later.Kind}",
                $"those of {first.Kind}, as the image is sampled once",
                $"{Sampling(later)} and {Sampling(first)}",
                later.Origin));
        }

        static string Sampling(ImageTransform transform) => $"{Text(transform, "interpolation", "nearest")}, {Text(transform, "fill", "0")}";

        static string Text(ImageTransform transform, string argument, string unsaid) =>
            transform.Arguments.FirstOrDefault(one => one.Name == argument)?.Text ?? unsaid;
    }

    private static bool WritesConstructor(INamedTypeSymbol type) => type.InstanceConstructors
        .Any(constructor => !constructor.IsImplicitlyDeclared && !Symbols.IsGenerated(constructor))
        || type.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax()).Any(part => part is TypeDeclarationSyntax { ParameterList: not null });
}
