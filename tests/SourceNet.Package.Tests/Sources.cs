namespace SourceNet.Package.Tests;

internal static class Sources
{
    public const string Model = """
        using SourceNet;
        using static SourceNet.ActivationKind;
        using static TorchSharp.torch;

        [Model, Input(8)]
        [WeightDecay(1e-3), LabelSmoothing(0.1)]
        public sealed partial class Classifier(double dropout = 0.3)
        {
            [Linear(16), Activation(ReLU), Dropout(nameof(dropout))]
            private partial Tensor Hidden(Tensor x);

            [Linear(3), Output]
            private partial Tensor Logits(Tensor x);
        }
        """;

    /// <summary>A linear layer on feature maps.</summary>
    public const string ModelWithAMistake = """
        using SourceNet;
        using static SourceNet.ActivationKind;
        using static TorchSharp.torch;

        [Model, Input(3, 32, 32)]
        public sealed partial class Classifier
        {
            [Conv2d(8, Kernel = 3), Activation(ReLU)]
            private partial Tensor Features(Tensor x);

            [Linear(3), Output]
            private partial Tensor Logits(Tensor x);
        }
        """;

    /// <summary>A block with two inputs, and a record.</summary>
    public const string ModelWithAWrongSignature = """
        using SourceNet;
        using static TorchSharp.torch;

        [Model, Input(8)]
        public sealed partial class Classifier
        {
            [Linear(8)]
            private partial Tensor Hidden(Tensor x);

            [Linear(3), Output]
            private partial Tensor? Logits(Tensor x, Tensor? mask);
        }

        [Model, Input(8)]
        public sealed partial record Settings
        {
            [Linear(8)]
            private partial Tensor Hidden(Tensor x);
        }
        """;

    public const string OneStep = """
        using TorchSharp;

        using var model = new Classifier();
        var optimizer = model.CreateOptimizer(1e-3);
        using var samples = torch.randn(4, 8);
        using var labels = torch.tensor(new long[] { 0, 1, 2, 0 });
        using var loss = model.Loss(model.call(samples), labels);
        optimizer.zero_grad();
        loss.backward();
        optimizer.step();
        Console.WriteLine(FormattableString.Invariant($"loss {loss.item<float>():F3}"));
        """;

    /// <summary>Plain TorchSharp, with the decay that SN2001 warns of.</summary>
    public const string CoupledDecay = """
        using TorchSharp;

        using var model = torch.nn.Linear(2, 2);
        using var optimizer = torch.optim.Adam(model.parameters(), weight_decay: 0.01);
        Console.WriteLine(optimizer.ParamGroups.Count());
        """;
}
