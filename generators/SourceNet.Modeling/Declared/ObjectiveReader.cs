using System.Globalization;
using Microsoft.CodeAnalysis;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Regularizers;

namespace SourceNet.Modeling.Declared;

/// <summary>Reads the settings of <c>[Objective]</c>.</summary>
internal static class ObjectiveReader
{
    private const string Expected = "one number for each class, new[] { 1.0, 4.0 }, or the name of a constructor parameter that is a list of double";

    /// <summary>An objective; null if it belongs to no output, which was told.</summary>
    /// <param name="attribute">The attribute.</param>
    /// <param name="signature">What the forward takes and gives; null if it is from one tensor to one.</param>
    /// <param name="before">How many objectives were read before it.</param>
    public static DeclaredObjective? Read(AttributeReader attribute, ForwardSignature? signature, int before)
    {
        var kind = attribute.Choice<ObjectiveKind>(attribute.Positional(0), "The kind") ?? ObjectiveKind.CrossEntropy;
        var settings = Settings(attribute, kind);
        var weight = attribute.Says("Weight")
            ? attribute.Rate(attribute.Named("Weight"), "Weight", NumberRange.AtLeast0.Includes, NumberRange.AtLeast0.Words)
            : Rate.Of(1);
        var declared = new DeclaredObjective(kind, settings, default, weight, attribute.Origin);
        if (signature is not { GivesTuple: true })
        {
            if (OfOneOutput(attribute, before) is { } problem)
            {
                attribute.Report(problem);
                return null;
            }

            return Checked(declared, attribute, "1");
        }

        if (signature.Outputs.Any(name => name.Length == 0))
        {
            attribute.Report(Problems.WrongValue(
                "The tuple that forward gives",
                "one with names, '(Tensor Image, Tensor Mean)', so that [Objective] can say what it is about",
                "one without",
                attribute.Origin));
            return null;
        }

        var outputs = string.Join(", ", signature.Outputs);
        var text = attribute.Named("Of") as string ?? "";
        var names = text.Split(',').Select(name => name.Trim()).Where(name => name.Length > 0).ToList();
        if (names.Count == 0 || names.Find(name => !signature.Outputs.Contains(name)) is not null)
        {
            attribute.Report(Problems.WrongValue(
                "Of of Objective",
                $"what it is about among the outputs of forward, {outputs}",
                names.Count == 0 ? $"nothing: say Of = \"{signature.Outputs[0]}\"" : $"'{text}'",
                attribute.Origin));
            return null;
        }

        return Checked(declared with { Of = names.ToEquatableArray() }, attribute, $"{names.Count}, '{text}'");
    }

    private static Problem? OfOneOutput(AttributeReader attribute, int before)
    {
        const string Tuple = "forward gives one tensor; give a tuple with names, '(Tensor Image, Tensor Mean)'";
        return before > 0 ? Problems.Misplaced("A second [Objective]", $"{Tuple}, and say with Of what each is about", attribute.Origin)
            : attribute.Says("Of") ? Problems.Misplaced("Of of [Objective]", $"{Tuple}, or leave it out", attribute.Origin)
            : attribute.Says("Weight") ? Problems.Misplaced("Weight of [Objective]", "it weighs several objectives, and there is one", attribute.Origin)
            : null;
    }

    private static DeclaredObjective? Checked(DeclaredObjective objective, AttributeReader attribute, string found)
    {
        if (objective.OutputCount == Math.Max(1, objective.Of.Count))
        {
            return objective;
        }

        attribute.Report(Problems.WrongValue(
            $"The number of outputs of [Objective({objective.Kind})]",
            objective.OutputCount == 1 ? "1" : "2, the means and the logarithms of the variances, Of = \"Mean, LogVariance\"",
            found,
            attribute.Origin));
        return null;
    }

    private static ObjectiveSettings Settings(AttributeReader attribute, ObjectiveKind objective)
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
