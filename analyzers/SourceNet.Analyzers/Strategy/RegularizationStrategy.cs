using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;
using SourceNet.Modeling.Declared;
using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Recognized;
using SourceNet.Modeling.Strategy;

namespace SourceNet.Analyzers.Strategy;

/// <summary>
/// Compares the regularization of a model with what is usual for the size of its training set, where that is said: by <c>[TrainedOn]</c>, or by
/// <c>sourcenet.training_samples</c> in an <c>.editorconfig</c>. SN7001 to SN7005; SN7006 and SN7007 for a size and a policy that cannot be read.
/// </summary>
public sealed class RegularizationStrategy() : Rule(
    StrategyRules.Dropout,
    StrategyRules.WeightDecay,
    StrategyRules.Augmentation,
    StrategyRules.Normalization,
    StrategyRules.Nothing,
    StrategyRules.Size,
    StrategyRules.PolicyFile)
{
    private const string Option = "sourcenet.training_samples";

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var file = PolicyFile.Of(on.Options, on.CancellationToken);
        var augments = false;
        var unaugmented = new ConcurrentBag<Diagnostic>();
        // Only ever set: threads that read and write back would lose what another found.
        on.Making(method => IsAugmentation(method.Name), type => IsAugmentation(type.Name), _ => augments = true);
        on.Symbol(
            symbol =>
            {
                var type = (INamedTypeSymbol)symbol.Symbol;
                if (type.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "AugmentationAttribute"))
                {
                    augments = true;
                }

                if (!type.IsAbstract && ModelRecognizer.IsModule(type) && Samples(symbol, type) is { } samples && file.Policy is { } policy)
                {
                    Look(symbol, type, samples, policy, facts, unaugmented);
                }
            },
            SymbolKind.NamedType);
        on.End(end =>
        {
            foreach (var diagnostic in file.Errors.Concat(unaugmented.Where(_ => !augments)))
            {
                end.ReportDiagnostic(diagnostic);
            }
        });
    }

    /// <summary>The size of the training set: what the class says, else what the file's options say.</summary>
    private static long? Samples(SymbolAnalysisContext context, INamedTypeSymbol type)
    {
        var attribute = Attribute(type);
        if (attribute?.ConstructorArguments is [{ Value: long said }])
        {
            if (said >= 1)
            {
                return said;
            }

            context.ReportDiagnostic(Diagnostic.Create(StrategyRules.Size, Location(type, context.CancellationToken), "[TrainedOn]", said));
            return null;
        }

        if (attribute is not null
            || Tree(type) is not { } tree
            || !context.Options.AnalyzerConfigOptionsProvider.GetOptions(tree).TryGetValue(Option, out var text))
        {
            return null;
        }

        if (long.TryParse(text.Replace("_", ""), NumberStyles.Integer, CultureInfo.InvariantCulture, out var samples) && samples >= 1)
        {
            return samples;
        }

        context.ReportDiagnostic(Diagnostic.Create(StrategyRules.Size, Location(type, context.CancellationToken), Option, text));
        return null;
    }

    private static void Look(
        SymbolAnalysisContext context, INamedTypeSymbol type, long samples, StrategyTable policy, CompilationFacts facts, ConcurrentBag<Diagnostic> unaugmented)
    {
        if (facts.WholeGraphs(type, context.CancellationToken).FirstOrDefault() is not { Graph.IsComplete: true, Sequence: null } model)
        {
            return;
        }

        var traits = ModelTraits.Of(model.Graph);
        var band = policy.Bands[policy.BandOf(samples)];
        var location = Location(type, context.CancellationToken);
        var count = samples.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', ' ');
        if (traits is { Dropout: 0, WeightDecay: 0, HasNorm: false, HasOther: false } && band.Dropout > 0)
        {
            Report(StrategyRules.Nothing, type.Name, count, Number(band.Dropout), Number(band.WeightDecay), policy.Source);
        }
        else
        {
            if (traits.Dropout is { } dropout && policy.DropoutDistance(dropout, samples) > 1)
            {
                Report(
                    StrategyRules.Dropout,
                    type.Name,
                    dropout == 0 ? "has no dropout" : $"drops {Number(dropout)}",
                    count,
                    Number(band.Dropout),
                    policy.Source);
            }

            if (traits.WeightDecay is { } decay && policy.WeightDecayDistance(decay, samples) > 1)
            {
                Report(
                    StrategyRules.WeightDecay,
                    type.Name,
                    decay == 0 ? "has no weight decay" : $"decays its weights by {Number(decay)}",
                    count,
                    Number(band.WeightDecay),
                    policy.Source);
            }
        }

        if (band.Normalization && traits is { HasNorm: false, WeightedLayers: { } layers } && layers >= policy.DeepLayers)
        {
            Report(StrategyRules.Normalization, type.Name, layers, count, policy.Source);
        }

        if (band.Augmentation != AugmentationAdvice.None)
        {
            unaugmented.Add(Diagnostic.Create(StrategyRules.Augmentation, location, type.Name, count, policy.Source));
        }

        void Report(DiagnosticDescriptor rule, params object[] arguments) => context.ReportDiagnostic(Diagnostic.Create(rule, location, arguments));
    }

    private static string Number(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    private static AttributeData? Attribute(INamedTypeSymbol type) => type.GetAttributes().FirstOrDefault(attribute =>
        attribute.AttributeClass is { Name: "TrainedOnAttribute", ContainingNamespace: { Name: "SourceNet", ContainingNamespace.IsGlobalNamespace: true } });

    private static SyntaxTree? Tree(INamedTypeSymbol type) => type.DeclaringSyntaxReferences
        .Select(reference => reference.SyntaxTree)
        .FirstOrDefault(tree => !tree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal));

    /// <summary>The attribute, or else the name of the class.</summary>
    private static Location Location(INamedTypeSymbol type, CancellationToken cancellation) =>
        Attribute(type)?.ApplicationSyntaxReference?.GetSyntax(cancellation).GetLocation()
        ?? type.DeclaringSyntaxReferences
            .Where(reference => reference.SyntaxTree == Tree(type))
            .Select(reference => (reference.GetSyntax(cancellation) as TypeDeclarationSyntax)?.Identifier.GetLocation())
            .FirstOrDefault()
        ?? type.Locations[0];

    /// <summary>Whether something random is made of the data: a transform of TorchVision, or a class or method that is named so.</summary>
    private static bool IsAugmentation(string name) =>
        name.Contains("Augment")
            || name is "ColorJitter" or "AutoAugment" or "MixUp" or "CutMix"
            || (name.StartsWith("Random", StringComparison.Ordinal) && name.Length > 6);
}
