using Microsoft.CodeAnalysis;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Recognized;

namespace SourceNet.Modeling.Declared;

/// <summary>The models inside the model that is being read, each read once where nothing is cut off.</summary>
internal sealed class StackedModels(CodeBodies bodies, CancellationToken cancellation)
{
    /// <summary>What is deeper is taken as unknown: declarations are compared and hashed with all that is inside.</summary>
    private const int DeepestNesting = 5;

    /// <summary>The models that were read with all that is inside, and over how many levels that goes.</summary>
    private readonly Dictionary<ISymbol, (ModelDeclaration Declaration, int Levels)> _whole = new(SymbolEqualityComparer.Default);

    /// <summary>Those that something was cut off from, which depends on where they stand.</summary>
    private readonly Dictionary<(ISymbol Model, int Depth), ModelDeclaration> _cut = [];

    /// <summary>The code of all of them.</summary>
    public CodeBodies Bodies => bodies;

    public CancellationToken Cancellation => cancellation;

    private int _depth;
    private int _deepest;

    /// <summary>What a stacked model declares; null if that cannot be seen.</summary>
    public ModelDeclaration? Read(INamedTypeSymbol model)
    {
        // Private methods of a class from a reference are not imported.
        if (model.DeclaringSyntaxReferences.Length == 0)
        {
            return null;
        }

        if (_depth >= DeepestNesting)
        {
            _deepest = DeepestNesting + 1;
            return null;
        }

        if (_whole.TryGetValue(model, out var whole) && _depth + whole.Levels <= DeepestNesting)
        {
            _deepest = Math.Max(_deepest, _depth + whole.Levels);
            return whole.Declaration;
        }

        if (_cut.TryGetValue((model, _depth), out var cut))
        {
            _deepest = DeepestNesting + 1;
            return cut;
        }

        var around = _deepest;
        _deepest = ++_depth;
        var declaration = ModelReader.Read(model, this).Declaration;
        _depth--;
        if (_deepest <= DeepestNesting)
        {
            _whole[model] = (declaration, _deepest - _depth);
        }
        else
        {
            _cut.Add((model, _depth), declaration);
        }

        _deepest = Math.Max(around, _deepest);
        return declaration;
    }
}
