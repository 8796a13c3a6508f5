using System.Text;
using Microsoft.CodeAnalysis.CSharp;

namespace SourceNet.Generators.Emission;

/// <summary>Hands out identifiers, each only once.</summary>
internal sealed class NameTable(IEnumerable<string> taken)
{
    /// <summary>Members that every model inherits or gets; a field of that name would hide them.</summary>
    private static readonly string[] s_inherited =
    [
        "apply", "buffers", "call", "children", "cpu", "cuda", "eval", "forward", "get_buffer", "get_parameter", "handle", "has_buffer", "has_parameter",
        "load", "load_state_dict", "modules", "name", "named_buffers", "named_children", "named_modules", "named_parameters", "parameters",
        "register_buffer", "register_module", "register_parameter", "save", "state_dict", "to", "train", "training", "zero_grad",
        "Arguments", "CreateOptimizer", "CreateSgd", "DeclaredTraining", "Dispose", "EvalScope", "ForwardSum", "GetName", "GradientClip", "LayerDescriptions",
        "FrozenParts", "LoadSafetensors", "Loss", "LossOf", "MonteCarloDropout", "OutputNames",
        "ParameterGroups", "Plan", "RegisterComponents", "RegisterLayers", "RegularizationPlan", "SaveSafetensors", "Summary", "TargetCount",
    ];

    /// <summary>Parameters of generated methods; they would hide a field of that name.</summary>
    private static readonly string[] s_parameters = ["inherited", "input", "layers", "logits", "outputs", "targets", "weights"];

    private readonly HashSet<string> _taken = new(taken, StringComparer.Ordinal);

    /// <summary>Names for members of a model that collide neither with what its author wrote nor with what it inherits.</summary>
    public static NameTable ForMembers(IEnumerable<string> written) => new(written.Concat(s_inherited).Concat(s_parameters));

    /// <summary>An identifier made from <paramref name="wanted"/>: <c>block1.conv</c> becomes <c>block1_conv</c>.</summary>
    public string Take(string wanted)
    {
        var identifier = Identifier(wanted);
        var free = identifier;
        for (var i = 2; !_taken.Add(free); i++)
        {
            free = $"{identifier}_{i}";
        }

        return SyntaxFacts.GetKeywordKind(free) == SyntaxKind.None ? free : "@" + free;
    }

    private static string Identifier(string wanted)
    {
        var text = new StringBuilder();
        foreach (var symbol in wanted)
        {
            text.Append(char.IsLetterOrDigit(symbol) ? symbol : '_');
        }

        return text.Length == 0 || char.IsDigit(text[0]) ? "_" + text : text.ToString();
    }
}
