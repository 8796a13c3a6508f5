using System.Globalization;
using Microsoft.CodeAnalysis;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Regularizers;

namespace SourceNet.Modeling.Declared;

/// <summary>Reads the settings of <c>[Objective]</c>.</summary>
internal static class ObjectiveReader
{
    private const string Expected = "one number for each class, new[] { 1.0, 4.0 }, or the name of a constructor parameter that is a list of double";

    public static ObjectiveSettings Read(AttributeReader attribute, ObjectiveKind objective)
    {
        var isSoftmax = objective == ObjectiveKind.CrossEntropy;
        var isBinary = objective == ObjectiveKind.BinaryCrossEntropy;
        return new ObjectiveSettings
        {
            IgnoreIndex = Says("IgnoreIndex", isSoftmax, "cross-entropy") ? attribute.Named("IgnoreIndex") as long? : null,
            ClassWeights = Says("ClassWeights", isSoftmax, "cross-entropy") ? ReadClassWeights(attribute) : null,
            PositiveWeight = Says("PositiveWeight", isBinary, "binary cross-entropy") ? Number("PositiveWeight", NumberRange.Above0) : null,
            Gamma = Says("Gamma", isSoftmax || isBinary, "cross-entropy and binary cross-entropy") ? Number("Gamma", NumberRange.AtLeast0) : null,
        };

        bool Says(string name, bool belongs, string owner)
        {
            if (!attribute.Says(name) || belongs)
            {
                return attribute.Says(name);
            }

            attribute.Report(Problems.Misplaced($"{name} of [Objective]", $"it belongs to {owner}, the objective is {objective}", attribute.Origin));
            return false;
        }

        Rate Number(string name, NumberRange range) => attribute.Rate(attribute.Named(name), name, range.Includes, range.Words);
    }

    private static ClassWeights? ReadClassWeights(AttributeReader attribute)
    {
        switch (attribute.Named("ClassWeights"))
        {
            case string name:
                if (attribute.Scope.Parameters.FirstOrDefault(parameter => parameter.Name == name) is not { } parameter)
                {
                    attribute.Report(Problems.WrongValue(
                        "ClassWeights of Objective",
                        Expected,
                        $"'{name}', which is no parameter of the primary constructor",
                        attribute.Origin));
                    return null;
                }

                if (!IsListOfDouble(parameter.Type))
                {
                    attribute.Report(Problems.WrongValue(
                        "ClassWeights of Objective",
                        Expected,
                        $"'{name}' of type {parameter.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}",
                        attribute.Origin));
                    return null;
                }

                return new ClassWeights(default, Scope.Escape(name), attribute.Origin);
            case object?[] { Length: > 0 } values
                when values.All(value => value is double or float or sbyte or byte or short or ushort or int or uint or long or ulong):
                return Checked(values.Select(value => Convert.ToDouble(value, CultureInfo.InvariantCulture)).ToList(), attribute);
            case var other:
                attribute.Report(Problems.WrongValue(
                    "ClassWeights of Objective",
                    Expected,
                    other switch { null => "nothing", object?[] => "another array", _ => $"'{other}'" },
                    attribute.Origin));
                return null;
        }
    }

    private static ClassWeights? Checked(IReadOnlyList<double> numbers, AttributeReader attribute)
    {
        if (numbers.FirstOrDefault(number => !(number >= 0) || double.IsInfinity(number)) is var wrong && !(wrong >= 0 && !double.IsInfinity(wrong)))
        {
            attribute.Report(Problems.OutOfRange("Each of ClassWeights of Objective", "at least 0 and finite", wrong, attribute.Origin));
            return null;
        }

        if (numbers.All(number => number == 0))
        {
            attribute.Report(Problems.OutOfRange("One of ClassWeights of Objective", "above 0", 0, attribute.Origin));
            return null;
        }

        return new ClassWeights(numbers.ToEquatableArray(), null, attribute.Origin);
    }

    private static bool IsListOfDouble(ITypeSymbol type) =>
        type is IArrayTypeSymbol { Rank: 1, ElementType.SpecialType: SpecialType.System_Double }
        || type.AllInterfaces.Concat(type is INamedTypeSymbol { TypeKind: TypeKind.Interface } itself ? [itself] : []).Any(candidate =>
            candidate.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T
                && candidate.TypeArguments[0].SpecialType == SpecialType.System_Double);
}
