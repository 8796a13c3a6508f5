using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Data;

/// <summary>SN4003: a training loader that does not shuffle, or an evaluation loader that does.</summary>
public sealed class LoaderShuffle() : Rule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN4003",
        "A loader shuffles where it should not, or does not where it should",
        "{0}",
        RuleCategory.Data,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "Batches of training should be drawn at random; an evaluation should give the same batches each time.",
        RuleDocumentation.Link("SN4003"));

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        if (torch.DataLoader is not null)
        {
            on.Making(method => Loader.IsMadeBy(method, torch), torch.IsDataLoader, operation => Look(operation, torch));
        }
    }

    private static void Look(OperationAnalysisContext context, TorchSymbols torch)
    {
        if (Loader.Of(context.Operation, torch) is not { Shuffles: { } shuffles } loader || ShufflesItself(loader))
        {
            return;
        }

        var purpose = Purpose(loader, torch);
        var message = (purpose, shuffles) switch
        {
            (Data.Purpose.Training, false) =>
                "The training loader gives the samples in the same order in every epoch: neighbors in the data stay together in batches. Say shuffle: true.",
            (Data.Purpose.Evaluation, true) =>
                "The evaluation loader shuffles: results cannot be matched with samples or compared between runs. Say shuffle: false.",
            _ => null,
        };
        if (message is not null)
        {
            var place = loader["shuffle"]?.Syntax ?? loader.Creation.Syntax;
            context.ReportDiagnostic(
                Diagnostic.Create(
                    s_rule,
                    place.GetLocation(),
                    ImmutableDictionary<string,
                    string?>.Empty.Add("shuffle", shuffles ? "false" : "true"),
                    message));
        }
    }

    /// <summary>What a loader is for, by its loops, by its data, or by its name.</summary>
    private static Purpose Purpose(Loader loader, TorchSymbols torch)
    {
        var used = torch.PurposeOf(loader) & (Data.Purpose.Training | Data.Purpose.Evaluation);
        if (used != Data.Purpose.None)
        {
            return used;
        }

        var data = loader.Dataset?.Definition() is { } source ? DatasetSource.Of(source, torch)?.Purpose ?? Data.Purpose.None : Data.Purpose.None;
        var named = PurposeName.Of(loader.Variable?.Name);

        // A loader over the training data may be there for an evaluation on them.
        return named == Data.Purpose.None ? data : data is Data.Purpose.None || data == named ? named : Data.Purpose.None;
    }

    /// <summary>Whether the data are shuffled before they get to the loader.</summary>
    private static bool ShufflesItself(Loader loader) => loader.Dataset is { } data
        && (SpeaksOfShuffling(data.Variable()?.Name) || SpeaksOfShuffling(data.Definition().Syntax.ToString()));

    private static bool SpeaksOfShuffling(string? text) =>
        text is not null && (text.IndexOf("shuffle", StringComparison.OrdinalIgnoreCase) >= 0 || text.IndexOf("randperm", StringComparison.Ordinal) >= 0);
}
