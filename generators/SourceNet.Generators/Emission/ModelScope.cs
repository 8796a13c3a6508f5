using SourceNet.Modeling;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Generators.Emission;

/// <summary>What all parts of one generated class share: the names of its fields, and the values that methods need from the constructor.</summary>
internal sealed class ModelScope
{
    private readonly Dictionary<(string Block, string Layer, string Part), string> _fields = [];
    private readonly Dictionary<string, string> _fromSum = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _partModules = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _keptByExpression = new(StringComparer.Ordinal);
    private readonly List<(string Type, string Name, string Expression)> _kept = [];

    public ModelScope(LayerGraph graph, ModelDeclaration declaration)
    {
        (Graph, Declaration) = (graph, declaration);
        Names = NameTable.ForMembers(declaration.TakenNames.Concat(graph.Blocks.Select(block => block.Declaration.Parameter.TrimStart('@'))));
        foreach (var part in declaration.Parts.Where(part => part.Kind == PartKind.Nested))
        {
            _partModules[part.Member] = Names.Take($"{part.StateName}_modules");
        }

        Blocks = graph.Blocks.Where(block => block.Obstacle is null).ToList();
        foreach (var block in Blocks)
        {
            foreach (var placed in block.Layers.Where(placed => LayerModule.Of(placed) is not null))
            {
                _fields[(block.Declaration.MethodName, placed.Name, "")] = Names.Take(placed.Path.Length > 0 ? placed.Path : placed.Name);
            }

            foreach (var step in block.Fusion.Steps.Where(step => step.FoldedInto.Length > 0))
            {
                var norm = block.Layers[step.First + 1];
                _fields[(block.Declaration.MethodName, norm.Name, FusedCall.Folded)] = Names.Take($"{norm.Path}_{FusedCall.Folded}");
            }

            foreach (var placed in block.Layers)
            {
                foreach (var transform in WeightTransform.Of(block, placed))
                {
                    _fields[(block.Declaration.MethodName, placed.Name, transform.Role)] = Names.Take($"{placed.Path}_{transform.Role}");
                }
            }
        }

        foreach (var block in Blocks.Where(block => new SharedSums(graph, block).Any))
        {
            _fromSum[block.Declaration.MethodName] = Names.Take($"{block.Declaration.MethodName}FromSum");
        }
    }

    public LayerGraph Graph { get; }

    /// <summary>
    /// The method of a block that starts from an open sum. Not an overload of the block's own: a name of several methods is ambiguous in documentation and as
    /// a delegate.
    /// </summary>
    public string FromSum(Block block) => _fromSum[block.Declaration.MethodName];

    public ModelDeclaration Declaration { get; }

    public NameTable Names { get; }

    /// <summary>Whether the author wrote a member that would be generated: it is left out.</summary>
    public bool IsWritten(string member) => Declaration.WrittenMembers.Contains(member);

    /// <summary>The blocks that can be written.</summary>
    public IReadOnlyList<Block> Blocks { get; }

    /// <summary>
    /// Values of constructor parameters that methods use. A field keeps each: methods that use a parameter itself would keep it a second time (CS9124).
    /// </summary>
    public IReadOnlyList<(string Type, string Name, string Expression)> Kept => _kept;

    public string Field(Block block, PlacedLayer placed) => Field(block.Declaration.MethodName, placed.Name);

    public string Field(string block, string layer, string part = "") => _fields[(block, layer, part)];

    /// <summary>The method that gives the modules of a part and their paths.</summary>
    public string PartModules(HandWrittenPart part) => _partModules[part.Member];

    /// <summary>
    /// An embedding's weight. Its property makes another native tensor at each reading, which nobody disposes; the registered parameter is one object.
    /// </summary>
    public string EmbeddingWeight(string block, string layer) => $"{Field(block, layer)}.get_parameter(\"weight\")!";

    public bool HasField(string block, string layer, string part = "") => _fields.ContainsKey((block, layer, part));

    /// <summary>Names for the variables of a method. They may hide whatever the method does not use: all but the layers' fields and its parameter.</summary>
    public NameTable Locals(string parameter) => new(_fields.Values.Concat(_kept.Select(kept => kept.Name)).Append(parameter.TrimStart('@')));

    /// <summary>A rate as an expression that may stand in a method.</summary>
    public string InMethod(Rate rate, string name) => rate.Value is not null ? rate.CSharp : Keep("double", rate.CSharp, name);

    /// <summary>A size as an expression that may stand in a method.</summary>
    public string InMethod(Dim size, string name) => size.Constant is not null ? size.ToString() : Keep("long", size.ToString(), name);

    /// <summary>The field that keeps the value of an expression over the constructor's parameters.</summary>
    public string Keep(string type, string expression, string name)
    {
        if (!_keptByExpression.TryGetValue(expression, out var field))
        {
            field = Names.Take(name);
            _keptByExpression.Add(expression, field);
            _kept.Add((type, field, expression));
        }

        return field;
    }
}
