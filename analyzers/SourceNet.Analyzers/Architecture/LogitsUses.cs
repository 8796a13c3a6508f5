using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Architecture;

/// <summary>The models of a compilation whose results go into a loss that takes logits: by their class, or by the call that makes a <c>Sequential</c>.</summary>
internal sealed class LogitsUses(TorchSymbols torch)
{
    private readonly ConcurrentDictionary<ISymbol, bool> _classes = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<SyntaxNode, bool> _sequences = new();

    public void Register(CompilationStartAnalysisContext context) => context.RegisterOperationAction(
        operation =>
        {
            var loss = (IInvocationOperation)operation.Operation;
            if (torch.TakesLogits(loss) && loss.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 0)?.Value is { } input)
            {
                Note(input, operation.CancellationToken);
            }
        },
        OperationKind.Invocation);

    /// <summary>Whether the results of a class, or of a <c>Sequential</c>, are logits.</summary>
    public bool Contains(INamedTypeSymbol? type, SyntaxNode? sequence) => sequence is null ? type is not null && _classes.ContainsKey(type.OriginalDefinition) : _sequences.ContainsKey(sequence);

    private void Note(IOperation input, CancellationToken cancellation)
    {
        if (Value(input) is not IInvocationOperation forward || !torch.IsForward(forward) || forward.Instance?.Bare() is not { } model)
        {
            return;
        }

        if (model.Type is INamedTypeSymbol { DeclaringSyntaxReferences.IsEmpty: false } type)
        {
            _classes[type.OriginalDefinition] = true;
        }
        else if (Value(model) is { } made && made.Syntax != model.Syntax)
        {
            _sequences[made.Syntax] = true;
        }
        else if (model is IFieldReferenceOperation { Field: var field } && InitializerOf(field, cancellation) is { } initializer)
        {
            _sequences[initializer] = true;
        }
    }

    /// <summary>What an expression gives, a variable that is given a value once by that value.</summary>
    private static IOperation Value(IOperation operation) =>
        operation.Bare() is ILocalReferenceOperation local ? KnownNumber.OnlyValue(local.Local, local)?.Bare() ?? local : operation.Bare();

    private static SyntaxNode? InitializerOf(IFieldSymbol field, CancellationToken cancellation) =>
        field.IsReadOnly && field.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) is VariableDeclaratorSyntax { Initializer.Value: { } value } ? value : null;
}
