using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Recognized;

namespace SourceNet.Analyzers.Mode;

/// <summary>Tells what of a module differs between train and eval mode, by its graph.</summary>
internal sealed class ModeDependence(CompilationFacts facts)
{
    private readonly TorchSymbols _torch = facts.Torch;

    private readonly ConcurrentDictionary<ITypeSymbol, ModeEffect> _known = new(SymbolEqualityComparer.Default);

    /// <summary>What differs of a module.</summary>
    /// <param name="module">The module.</param>
    /// <param name="model">The model of the code that made it, if that is known.</param>
    /// <param name="cancellation">Stops the work.</param>
    public ModeEffect EffectOf(ModuleValue module, SemanticModel? model, CancellationToken cancellation) =>
        module.Creation is { } creation && model?.SyntaxTree == creation.SyntaxTree && model.GetOperation(creation, cancellation) is { } operation
            ? facts.ModeOf(operation, cancellation)
            : EffectOf(module.Type, cancellation);

    /// <summary>Whether a module decides about its own mode: it overrides <c>train</c> or <c>eval</c>, or calls one in its constructor.</summary>
    public bool HasModeOfItsOwn(ITypeSymbol? type, CancellationToken cancellation)
    {
        for (; type is not null && !SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, _torch.Torch.ContainingAssembly); type = type.BaseType)
        {
            if (_torch.IsModelBase(type))
            {
                // Its train() only keeps frozen parts in eval mode.
                return false;
            }

            if (type.GetMembers().OfType<IMethodSymbol>().Any(method => method is { Name: "train" or "eval", IsOverride: true }
                || (method.MethodKind == MethodKind.Constructor && SetsMode(method, cancellation))))
            {
                return true;
            }
        }

        return false;
    }

    private static bool SetsMode(IMethodSymbol constructor, CancellationToken cancellation) => constructor.DeclaringSyntaxReferences
        .Select(reference => reference.GetSyntax(cancellation))
        .OfType<ConstructorDeclarationSyntax>()
        .SelectMany(declaration => declaration.DescendantNodes().OfType<InvocationExpressionSyntax>())
        .Any(call => call.Expression is IdentifierNameSyntax { Identifier.Text: "train" or "eval" }
            or MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax or BaseExpressionSyntax, Name.Identifier.Text: "train" or "eval" });

    private ModeEffect EffectOf(ITypeSymbol? type, CancellationToken cancellation) => type is INamedTypeSymbol named && _torch.IsModule(named)
        ? _known.GetOrAdd(named, _ => Read(named, cancellation))
        : ModeEffect.Unknown;

    private ModeEffect Read(INamedTypeSymbol type, CancellationToken cancellation)
    {
        if (TorchSymbols.IsLoss(type))
        {
            return ModeEffect.Same;
        }

        // Of a class in a referenced assembly only its name is known.
        return type.DeclaringSyntaxReferences.IsEmpty || !type.DeclaringSyntaxReferences.All(reference => facts.Operations.Covers(reference.SyntaxTree))
            ? ModelRecognizer.ModeOf(type)
            : facts.WholeGraphs(type, cancellation).FirstOrDefault(model => model.Sequence is null)?.Graph.Mode ?? ModeEffect.Unknown;
    }
}
