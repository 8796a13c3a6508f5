using Microsoft.CodeAnalysis;
using SourceNet.Modeling.Graph;

namespace SourceNet.Modeling.Recognized;

/// <summary>A hand-written model as a graph.</summary>
/// <param name="Graph">The graph, without shapes: <see cref="Passes.GraphShapes"/> infers them for those who want them.</param>
/// <param name="Places">What its origins of kind <see cref="OriginKind.Code"/> count in.</param>
/// <param name="IsComplete">Whether reading stayed within its bounds.</param>
/// <param name="Sequence">For a <c>Sequential</c> by itself, the call that makes it; null for the model of a class.</param>
public sealed record RecognizedModel(LayerGraph Graph, IReadOnlyList<SyntaxNode> Places, bool IsComplete, SyntaxNode? Sequence);
