using SourceNet.Modeling;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Regularizers;

namespace SourceNet.Generators.Emission;

/// <summary>Writes, at the end of the registration, what is frozen.</summary>
internal sealed class FrozenParts(ModelScope scope, CodeWriter code)
{
    /// <summary>The epoch with which it begins to learn, as an argument.</summary>
    public static string UntilEpoch(DeclaredRegularizer frozen) => frozen.Strength.Setting.Length > 0 ? frozen.Strength.Value.Text : "null";

    public void Emit()
    {
        foreach (var block in scope.Blocks)
        {
            if (block.Regularizers[RegularizationKind.Frozen] is { } frozen && Modules(block).ToList() is { Count: > 0 } modules)
            {
                var name = block.Declaration.StateName.Length > 0 ? block.Declaration.StateName : block.Declaration.MethodName;
                code.Line($"layers.Freeze({ModelEmitter.Literal(name)}, {UntilEpoch(frozen)}, [{string.Join(", ", modules)}]);");
            }
        }

        foreach (var part in scope.Declaration.Parts.Where(part => part.Kind != PartKind.Buffer))
        {
            if (scope.Declaration.TreatmentsOf(part)[RegularizationKind.Frozen] is { } frozen)
            {
                Emit(part, ModelEmitter.Literal(part.StateName), UntilEpoch(frozen));
            }
        }
    }

    private void Emit(HandWrittenPart part, string name, string untilEpoch)
    {
        var member = $"this.{part.Member}";
        if (part.Kind != PartKind.Parameter)
        {
            var modules = part.Kind switch
            {
                PartKind.Module => $"[{member}]",
                PartKind.Modules => member,
                _ => $"global::System.Linq.Enumerable.Select({scope.PartModules(part)}(), part => part.Module)",
            };
            code.Line($"layers.Freeze({name}, {untilEpoch}, {modules});");
            return;
        }

        if (!part.IsNullable)
        {
            code.Line($"layers.FreezeParameter({name}, {untilEpoch});");
            return;
        }

        code.Open($"if ({member} is not null)");
        code.Line($"layers.FreezeParameter({name}, {untilEpoch});");
        code.Close();
    }

    private IEnumerable<string> Modules(Block block) =>
        block.Layers.SelectMany(placed => (LayerModule.Of(placed) is null ? Array.Empty<string>() : [scope.Field(block, placed)])
        .Concat(WeightTransform.Of(block, placed).Select(transform => scope.Field(block.Declaration.MethodName, placed.Name, transform.Role))));
}
