using Microsoft.CodeAnalysis;
using SourceNet.Modeling.Graph;

namespace SourceNet.Modeling.Recognized;

/// <summary>A model that was read, with the places in the code that it speaks of.</summary>
/// <param name="Graph">The graph. Of a hand-written model it has no shapes: <see cref="Passes.HandWritten.WithShapes"/> infers them for those who want
/// them.</param>
/// <param name="Places">What its origins of kind <see cref="OriginKind.Code"/> count in.</param>
/// <param name="Sequence">For a <c>Sequential</c> by itself, the call that makes it; null for the model of a class.</param>
public sealed record RecognizedModel(LayerGraph Graph, IReadOnlyList<SyntaxNode> Places, SyntaxNode? Sequence);
