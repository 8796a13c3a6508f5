using Microsoft.CodeAnalysis;
using SourceNet.Modeling.Graph;

namespace SourceNet.Modeling.Declared;

/// <summary>The models inside the model that is being read, each read once at each depth.</summary>
internal sealed class StackedModels
{
    /// <summary>What is deeper is taken as unknown: declarations are compared and hashed with all that is inside.</summary>
    private const int DeepestNesting = 5;

    private readonly Dictionary<(ISymbol Model, int Depth), ModelDeclaration> _read = [];
    private int _depth;

    /// <summary>What a stacked model declares; null if that cannot be seen.</summary>
    public ModelDeclaration? Read(INamedTypeSymbol model)
    {
        // Private methods of a class from a reference are not imported.
        if (model.DeclaringSyntaxReferences.Length == 0 || _depth >= DeepestNesting)
        {
            return null;
        }

        if (!_read.TryGetValue((model, _depth), out var declaration))
        {
            _depth++;
            declaration = ModelReader.Read(model, this);
            _depth--;
            _read.Add((model, _depth), declaration);
        }

        return declaration;
    }
}
