using System.Text.RegularExpressions;

namespace SourceNet.Analyzers.Tests.Recall;

/// <summary>A mistake that is put into a correct program, at one place at a time.</summary>
/// <param name="Rule">The rule that should notice.</param>
/// <param name="Name">What is done.</param>
/// <param name="Pattern">Where it can be done.</param>
/// <param name="Replacement">What comes there instead.</param>
internal sealed record Mutation(string Rule, string Name, string Pattern, string Replacement)
{
    /// <summary>Before the `eval()` of a model that a method gets from outside.</summary>
    private const string Given = @"^ *(?:public|internal) [^\n]*\b(?:net|model)[,)][^\n]*\n *\{\n";

    /// <summary>Before an `eval()` that follows the weights.</summary>
    private const string Loaded = @"\.load\([^\n]*\);\n";

    /// <summary>Before the `eval()` of layers that are tried out for their sizes.</summary>
    private const string Trial = @"nn\.Flatten\(\)\);\n|layers, long length\)\n *\{\n";

    /// <summary>Rules that may notice it instead, because what they know of the code is less.</summary>
    public string[] Or { get; init; } = [];

    /// <summary>All rules that may notice it.</summary>
    public IEnumerable<string> Rules => Or.Prepend(Rule);

    /// <summary>Whether all places of a program are changed at once: one alone would leave it correct.</summary>
    public bool Everywhere { get; init; }

    public static IReadOnlyList<Mutation> All { get; } =
    [
        new("SN1001", "`eval()` is deleted", $@"(?<!{Given})(?<!{Loaded})(?<!{Trial})^ *\w+\.eval\(\);\n", "") { Or = ["SN1002", "SN1003", "SN1010"] },
        new("SN1002", "`eval()` of a given model is deleted", $@"(?<={Given})^ *\w+\.eval\(\);\n", ""),
        new("SN1003", "`train()` is deleted from an epoch", @"^(?: {4}net| {12}(?:net|model))\.train\(\);\n", "") { Or = ["SN1001"] },
        new("SN1004", "`no_grad()` is deleted from a prediction", @"^ *using var \w+ = (no_grad|inference_mode)\(\);\n(?=(?:.+\n)*?.*\.call\()", ""),
        new("SN1005", "`using` is deleted from `no_grad()`", @"using var \w+ = ((no_grad|inference_mode)\(\);)", "$1"),
        new("SN1006", "`training:` is deleted from a dropout function", @", training: training", ""),
        new("SN1007", "attention drops in every mode", @"training \? 0\.1 : 0", "0.1"),
        new(
            "SN1008",
            "an `await` goes below a scope",
            @"(?<=async Task.*\n.*\n)( *var values = await features;\n)( *using var scope = NewDisposeScope\(\);\n)",
            "$2$1"),
        new("SN1009", "a batch has one row", @"((?:sample|noise) = randn\()\d+", "${1}1"),
        new("SN1010", "`eval()` is deleted after a load", $@"(?<={Loaded})^ *\w+\.eval\(\);\n", "") { Or = ["SN1001"] },
        new("SN1011", "`eval()` of a trial run is deleted", $@"(?<={Trial})^ *\w+\.eval\(\);\n", ""),
        new("SN2001", "`AdamW` becomes `Adam`", @"optim\.AdamW(\(\w+\.parameters\(\), [^;]*weight_decay)", "optim.Adam$1"),
        new("SN2002", "`AdamW` loses its decay", @"(optim\.AdamW\([^;]*?), weight_decay: [\d.e-]+\)", "$1)"),
        new(
            "SN2003",
            "a group is made by its constructor",
            @"new TorchSharp\.Modules\.AdamW\.ParamGroup \{ Parameters = (\w+), Options = new\(\) \{ weight_decay = ([\d.]+) \} \}",
            "new TorchSharp.Modules.AdamW.ParamGroup($1, weight_decay: $2)"),
        new(
            "SN2004",
            "all parameters decay",
            @"optim\.AdamW\(\n *\[\n(?:.*\n)*? *\],\n *lr: ([\d.e-]+)\)(?=(?:.*\n)*? *(\w+)\.train\(\))",
            "optim.AdamW($2.parameters(), $1, weight_decay: 0.01)"),
        new(
            "SN2005",
            "a penalty of squares is added to the loss",
            @"(optim\.(?:SGD|AdamW)\((\w+)\.parameters\(\)[^;]*weight_decay(?:[^;]*;)(?:.*\n)*? *var loss = [^;]*;\n)",
            "$1foreach (var w in $2.parameters()) loss = loss + 1e-4 * w.pow(2).sum();\n"),
        new(
            "SN2006",
            "a penalty of sizes is added to the loss",
            @"(optim\.\w+\((\w+)\.parameters\(\)(?:[^;]*;)(?:.*\n)*? *var loss = [^;]*;\n)",
            "$1foreach (var w in $2.parameters()) loss = loss + 1e-4 * w.abs().sum();\n"),
        new("SN2007", "a model moves after its optimizer was made", @"^( *\w+\.to\(device\);\n)( *using var optimizer = [^;]*;\n)", "$2$1"),
        new("SN2008", "`SGD` maximizes", @"(optim\.SGD\([^;]*weight_decay: [\d.e-]+)\)", "$1, maximize: true)"),
        new("SN2009", "`zero_grad()` is deleted", @"^ *\w+\.zero_grad\(\);\n", "") { Everywhere = true },
        new(
            "SN2010",
            "`zero_grad()` comes after `backward()`",
            @"^( *)(\w+)\.zero_grad\(\);\n((?:.*\n)*?)( *[^;]*\.backward\(\);\n)(?= *\2\.step)",
            "$3$4$1$2.zero_grad();\n"),
        new("SN2011", "a softmax goes before the loss", @"cross_entropy\((logits)", "cross_entropy($1.softmax(1)"),
        new("SN2012", "a plain optimizer takes a declared model", @"(\w+)\.CreateOptimizer\(learningRate: ", "optim.SGD($1.parameters(), "),
        new("SN2012", "a plain loss is taken of a declared model", @"model\.Loss\(", "nn.functional.cross_entropy("),
        new("SN2013", "losses are added as tensors", @"var total = 0f;((?:.*\n)*?.*total \+= loss)\.item<float>\(\)", "var total = zeros(1);$1"),
        new("SN2014", "`ToArray()` of the parameters is deleted", @"(optim\.\w+\(\w+\.parameters\(\))\.ToArray\(\)", "$1"),
        new("SN2015", "a schedule resumes", @"(StepLR\(optimizer, 10|CosineAnnealingLR\(optimizer, 50)\)", "$1, last_epoch: 5)"),
        new("SN2016", "the schedule is never stepped", @"^ *scheduler\.step\(\);\n", ""),
        new("SN2017", "means are divided by samples", @"loss\.item<float>\(\) \* x\.shape\[0\]", "loss.item<float>()"),
        new("SN3001", "dropout goes before a batch norm", @"(?<!""\w+"", )(?<=[(,]\s*)(nn\.BatchNorm[12]d\(\w+\))(?=[,)])", "nn.Dropout(0.5), $1"),
        new("SN3002", "a dropout drops everything", @"nn\.Dropout\((?:p: )?0?\.\d+\)", "nn.Dropout(1.0)"),
        new("SN3003", "maps lose single pixels", @"\bDropout2d\b", "Dropout") { Everywhere = true },
        new(
            "SN3004",
            "dropout goes behind the last layer of a classifier",
            @"(nn\.Sequential\((?!\()[^;\n]*nn\.Linear\(\w+, (?:classes|\d)\))(\);\n)",
            "$1, nn.Dropout(0.5)$2"),
        new(
            "SN3005",
            "a layer before a norm gets a bias",
            @"(nn\.(?:Conv[12]d|Linear)\([^()]*?), (?:bias|hasBias): false(?=\),\s*nn\.(?:BatchNorm|InstanceNorm))",
            "$1"),
        new(
            "SN3007",
            "a ReLU goes behind the last layer of a classifier",
            @"(nn\.Sequential\((?!\()[^;\n]*nn\.Linear\(\w+, (?:classes|\d)\))(\);\n)",
            "$1, nn.ReLU()$2"),
        new(
            "SN3008",
            "an activation between two layers is deleted",
            @"(?<=nn\.Linear\([^()]*\)),\s*nn\.(?:ReLU|GELU|Tanh|SiLU)\(\)(?=,\s*nn\.(?:Linear|Dropout))",
            ""),
        new("SN3009", "dropout comes twice", @"(?<!""\w+"", )(?<=[(,]\s*)(nn\.Dropout\([\d.]+\)),", "$1, $1,"),
        new(
            "SN3010",
            "dropout is made in `forward`",
            @"nn\.functional\.dropout\(((?:[^(),]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))+), [^()]*\)",
            "nn.Dropout(0.5).call($1)"),
        new("SN3012", "`forward` forgets a dropout", @"\b_?[dD]ropout\.call\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)", "$1"),
        new("SN4001", "the test images are augmented", @"((?:testSet|unseen) = [^;\n]*Compose\()", "${1}torchvision.transforms.RandomHorizontalFlip(), "),
        new("SN4002", "colors change after the normalization", @"(ColorJitter\([^()]*\)), ((?:transforms\.)?Normalize\([^()]*\))", "$2, $1"),
        new("SN4003", "the loader for training does not shuffle", @"(DataLoader\([^;\n]*), shuffle: true", "$1"),
        new("SN4003", "the loader for evaluation shuffles", @"(DataLoader\([^;\n]*, shuffle: )false", "$1true"),
        new("SN4004", "a list keeps the loader's own tensors", @"(\w+\.Select\(batch => batch\[""\w+""\])\.clone\(\)(\)\.ToList\(\))", "$1$2"),
        new("SN4005", "a last batch of one sample is kept", @"(?<=BatchNorm1d(?:.*\n)*?.*DataLoader\([^;\n]*), drop_last: true", ""),
        new("SN4006", "the test loader gets the training set", @"(testLoader = utils\.data\.DataLoader\()testSet", "${1}trainSet"),
        new("SN4007", "`ToList()` after a shuffle is deleted", @"(= \w+\.OrderBy\(_ => \w+\.Next\(\)\))\.ToList\(\)", "$1"),
        new("SN4008", "the pipeline forgets a transform", @"Compose\(flip, ", "Compose("),
        new("SN5001", "`RegisterComponents()` is deleted", @"(?<=\{\n(?:.*\n)*?)^ *RegisterComponents\(\);\n", "") { Or = ["SN5003"] },
        new("SN5002", "a layer comes after `RegisterComponents()`", @"^( *\w+ = nn\.\w+\([^;]*;\n)( *RegisterComponents\(\);\n)", "$2$1"),
        new("SN5003", "a `ModuleList` becomes a list", @"TorchSharp\.Modules\.ModuleList<(\w+)> (\w+) = new\(\)", "List<$1> $2 = new()"),
        new(
            "SN5004",
            "a property has the name of a parameter or buffer",
            @"(register_(?:parameter|buffer)\()""(\w+)""(.*\n(?:.*\n)*?.*public \w+ (\w+) => get_(?:parameter|buffer)\()""\2""",
            @"$1""$4""$3""$4"""),
        new("SN5005", "`forward` returns its argument", @"return (\w+)\.alias\(\);", "return $1;"),
        new("SN5006", "`using` for an operator in place", @"^( *)(\w+\.(?:add|sub|mul|div|clamp|lerp|copy)_\(.*\);\n)", "$1using var changed = $2"),
        new("SN5007", "`NewDisposeScope()` is deleted from a loop", @"(?<=foreach.*\n *\{\n)^ *using var scope = NewDisposeScope\(\);\n", ""),
        new("SN5008", "a buffer is not persistent", @"(register_buffer\(""\w+"", [^;]*)\);", "$1, persistent: false);"),
        new(
            "SN5009",
            "a function keeps a tensor in a field",
            @"(public override string Name.*\n(?:.*\n)*?) *ctx\.save_for_backward\(\[(\w+)\]\);\n((?:.*\n)*?.*)ctx\.get_saved_variables\(\)\[0\]",
            "private Tensor? _kept;\n$1_kept = $2;\n$3_kept!"),
        new(
            "SN5009",
            "a function keeps a number in a field",
            @"(public override string Name.*\n(?:.*\n)*?) *ctx\.save_data\(""\w+"", (.*)\);\n((?:.*\n)*?.*)ctx\.get_data\(""\w+""\)",
            "private object? _kept;\n$1_kept = $2;\n$3_kept!"),
        new(
            "SN5010",
            "a weight is written before `backward()`",
            @"^( *\w+\.backward\(\);\n)(?=(?:.*\n){0,9}? *(\w+)\.data<float>\(\)\[0\] = )",
            "$2.data<float>()[0] = 1;\n$1"),
        new("SN5011", "`forward` instead of `call`", @"(?<!steps)\.call\(", ".forward(") { Everywhere = true },
        new("SN5013", "`data<int>()` of a tensor of 64 bits", @"\.data<long>\(\)", ".data<int>()"),
        new(
            "SN5013",
            "a tensor is made of another type than it is read as",
            @"ScalarType\.(?:Float32|Int8|Int32)(?=(?:.*\n){0,6}?.*\.data<(?:float|sbyte|int)>)",
            "ScalarType.Float64"),
        new(
            "SN5014",
            "a parameter becomes a tensor",
            @"Parameter (\w+)( = |;\n(?:.*\n)*? *(?:this\.)?\1 = )new(?: Parameter)?\((?!.*requires_grad)(.*)\);",
            "Tensor $1$2($3).requires_grad_();"),
        new("SN7001", "much dropout for much data", @"(TrainedOn\(500_000\)(?:.*\n)*?.*?Dropout\()0\.1", "${1}0.6"),
        new("SN7002", "much weight decay for much data", @"(TrainedOn\(500_000\), WeightDecay\()1e-5", "${1}0.1"),
        new("SN7003", "nothing augments", @"\bAugment\b", "Same") { Everywhere = true },
        new("SN7004", "no layer has a norm", @" Norm\(Layer\),", "") { Everywhere = true },
        new("SN7005", "nothing regularizes", @"(?<=TrainedOn\(5_000\)), WeightDecay\([^)]*\)((?:.*\n)*?.*?), Dropout\([\d.]+\)", "$1"),
        new("SN7006", "a model learns from nothing", @"TrainedOn\([\d_]+\)", "TrainedOn(0)"),
    ];

    /// <summary>The programs that this makes of a correct one.</summary>
    public IEnumerable<string> Apply(string program)
    {
        var pattern = new Regex(Pattern, RegexOptions.Multiline);
        if (Everywhere)
        {
            return pattern.IsMatch(program) ? [pattern.Replace(program, Replacement)] : [];
        }

        return pattern.Matches(program).Select(match => program[..match.Index] + match.Result(Replacement) + program[(match.Index + match.Length)..]);
    }
}
