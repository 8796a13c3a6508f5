using SourceNet.Gallery.Twins;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace SourceNet.Gallery;

/// <summary>Every model of the gallery.</summary>
public static class Specimens
{
    public static IReadOnlyList<Specimen> All { get; } =
    [
        new("Mlp", () => new Mlp(), () => new MlpTwin(), Floats(6, 20), Classes(5, 6), CrossEntropy()),
        new("SimpleCnn", () => new SimpleCnn(), () => new SimpleCnnTwin(), Floats(3, 3, 32, 32), Classes(10, 3), CrossEntropy(0.1))
        {
            IsRandomInTraining = true
        },
        new("ResidualCnn", () => new ResidualCnn(), () => new ResidualCnnTwin(), Floats(6, 3, 16, 16), Classes(10, 6), CrossEntropy())
        {
            IsRandomInTraining = true
        },
        new(
            "TransformerBlock",
            () => new TransformerBlock(16, 4),
            () => new TransformerBlockTwin(16, 4, 0.1),
            Floats(3, 7, 16),
            Classes(16, 3, 7),
            SequenceCrossEntropy) { IsRandomInTraining = true },
        new("TinyGpt", () => new TinyGpt(11, 16, 2, 3), () => new TinyGptTwin(11, 16, 2, 3, 0.1), Classes(11, 3, 8), Classes(11, 3, 8), SequenceCrossEntropy)
        {
            Penalty = name => name.Contains(".attention.") || name.Contains(".swi_glu.") ? 0.001 : 0,
            IsRandomInTraining = true,
        },
        new("UNet", () => new UNet(), () => new UNetTwin(), Floats(2, 1, 16, 16), Shares(2, 1, 16, 16), BinaryCrossEntropy),
        new("SymbolicMlp", () => new SymbolicMlp(7, 5), () => new SymbolicMlpTwin(), Floats(6, 7), Classes(5, 6), CrossEntropy(0.05))
        {
            IsRandomInTraining = true
        },
        new("HandWritten", () => new HandWritten(), () => new HandWrittenTwin(), Floats(6, 8), Classes(3, 6), CrossEntropy())
        {
            NameInTwin = name => name.Replace("temperature.", "")
        },
        new("Holders", () => new Holders(), () => new HoldersTwin(gated: false), Floats(6, 8), Classes(3, 6), CrossEntropy()),
        new("GatedHolders", () => new Holders(gated: true), () => new HoldersTwin(gated: true), Floats(6, 8), Classes(3, 6), CrossEntropy()),
        new("NormZoo", () => new NormZoo(), () => new NormZooTwin(), Floats(6, 4, 8, 8), Classes(4, 6), CrossEntropy()),
        new("SignalNet", () => new SignalNet(), () => new SignalNetTwin(), Floats(6, 2, 32), Floats(6, 3), (x, y) => F.l1_loss(x, y))
        {
            IsRandomInTraining = true
        },
        new("ImageNet", () => new ImageNet(), () => new ImageNetTwin(), Floats(3, 4, 17, 23), Classes(3, 3), CrossEntropy()),
        new("VolumeNet", () => new VolumeNet(), () => new VolumeNetTwin(), Floats(4, 1, 8, 8, 8), Classes(3, 4), CrossEntropy()) { IsRandomInTraining = true },
        new("ActivationZoo", () => new ActivationZoo(), () => new ActivationZooTwin(), Floats(6, 8), Classes(4, 6), CrossEntropy())
        {
            IsRandomInTraining = true
        },
        new("RegularizerZoo", () => new RegularizerZoo(), () => new RegularizerZooTwin(), Floats(6, 12), Classes(4, 6), CrossEntropy(0.1))
        {
            Penalty = name => name == "ridge.linear.weight" ? 0.01 : 0,
            Learns = false,
        },
        new("NoiseZoo", () => new NoiseZoo(), () => new NoiseZooTwin(), Floats(6, 3, 12, 12), Classes(4, 6), CrossEntropy())
        {
            IsComparableInTraining = false,
            IsRandomInTraining = true
        },
        new("Reparametrized", () => new Reparametrized(), () => new ReparametrizedTwin(), Floats(6, 4, 8), Classes(4, 6), CrossEntropy())
        {
            NameInTwin = ReparametrizedTwin.NameOf,
            IsComparableInTraining = false,
            IsRandomInTraining = true,
        },
        new("DefaultTail", () => new DefaultTail(), () => new DefaultTailTwin(), Floats(4, 5, 6), Classes(3, 4), CrossEntropy())
        {
            Penalty = name => name is "usual.linear.weight" or "own_activation.linear.weight" or "bare.linear.weight" or "logits.linear.weight" ? 0.01 : 0,
            IsRandomInTraining = true,
        },
        new("Fusible", () => new Fusible(), () => new Unfused(), Floats(4, 3, 8, 8), Classes(4, 4), CrossEntropy()) { IsRandomInTraining = true },
        new("Unfused", () => new Unfused(), () => new Fusible(), Floats(4, 3, 8, 8), Classes(4, 4), CrossEntropy()) { IsRandomInTraining = true },
        new("SumZoo", () => new SumZoo(), () => new SumZooApart(), Floats(4, 6, 8, 8), Classes(4, 4), CrossEntropy()) { IsRandomInTraining = true },
        new("SumZooApart", () => new SumZooApart(), () => new SumZoo(), Floats(4, 6, 8, 8), Classes(4, 4), CrossEntropy()) { IsRandomInTraining = true },
        new("OpenBlock", () => new OpenBlock(5), () => new OpenBlockApart(), Floats(4, 3, 5), Classes(5, 4, 3), SequenceCrossEntropy)
        {
            IsRandomInTraining = true
        },
        new("SumStack", () => new SumStack(), () => new SumStackTwin(3), Floats(4, 5, 6), Classes(3, 4), CrossEntropy()) { IsRandomInTraining = true },
        new("FlatNames", () => new FlatNames(), () => new FlatNamesTwin(), Floats(4, 1, 8, 8), Classes(3, 4), CrossEntropy()),
        new("Nested", () => new Zoo<int>.Cage.Nested<string>(), () => new TwoLayerTwin(6, 5, 2), Floats(4, 6), Classes(2, 4), CrossEntropy()),
        new("GlobalNamespace", () => new GlobalNamespace(), () => new TwoLayerTwin(6, 5, 2), Floats(4, 6), Classes(2, 4), CrossEntropy()) { Learns = false },
        new("EncoderLayer", () => new EncoderLayer(8, 4, 0.1f), () => new EncoderLayerTwin(8, 4, 0.1), Floats(3, 5, 8), Classes(8, 3, 5), SequenceCrossEntropy)
        {
            IsComparableInTraining = false,
            IsRandomInTraining = true
        },
        new(
            "SequenceEncoder",
            () => new SequenceEncoder(9),
            () => new SequenceEncoderTwin(9, 16, 3, 0.2),
            Classes(9, 3, 7),
            Floats(3, 2),
            (x, y) => F.huber_loss(x, y))
        {
            NameInTwin = SequenceEncoderTwin.NameOf,
            IsComparableInTraining = false,
            IsRandomInTraining = true,
        },
        new("SquaredErrorRegressor", () => new SquaredErrorRegressor(), () => new TwoLayerTwin(4, 6, 2), Floats(5, 4), Floats(5, 2), (x, y) => F.mse_loss(x, y))
        {
            NameInTwin = TwoLayerTwin.NameOf,
            Penalty = name => name.EndsWith(".weight") ? 0.1 : 0,
        },
        new(
            "AbsoluteErrorRegressor",
            () => new AbsoluteErrorRegressor(),
            () => new TwoLayerTwin(4, 6, 2),
            Floats(5, 4),
            Floats(5, 2),
            (x, y) => F.l1_loss(x, y)) { NameInTwin = TwoLayerTwin.NameOf },
        new("HuberRegressor", () => new HuberRegressor(), () => new TwoLayerTwin(4, 6, 2), Floats(5, 4), Floats(5, 2), (x, y) => F.huber_loss(x, y))
        {
            NameInTwin = TwoLayerTwin.NameOf
        },
        new("BinaryClassifier", () => new BinaryClassifier(), () => new TwoLayerTwin(4, 6, 2), Floats(5, 4), Shares(5, 2), BinaryCrossEntropy)
        {
            NameInTwin = TwoLayerTwin.NameOf
        },
        new("Autoencoder", () => new Autoencoder(), () => new AutoencoderTwin(), Floats(4, 1, 8, 8), Shares(4, 1, 8, 8), (x, y) => F.mse_loss(x, y)),
        new("TiedAutoencoder", () => new TiedAutoencoder(), () => new TiedAutoencoderTwin(), Floats(5, 6), Floats(5, 6), (x, y) => F.mse_loss(x, y))
        {
            NameInTwin = TiedAutoencoderTwin.NameOf,
            Penalty = name => name == "encode.weight" ? 0.02 : 0,
        },
        new("StackOfStacks", () => new StackOfStacks(), () => new StackOfStacksTwin(), Floats(5, 6), Classes(4, 5), CrossEntropy())
        {
            NameInTwin = StackOfStacksTwin.NameOf
        },
    ];

    public static TheoryData<string> Names() => [.. All.Select(specimen => specimen.Name)];

    public static TheoryData<string> NamesWhere(Func<Specimen, bool> holds) => [.. All.Where(holds).Select(specimen => specimen.Name)];

    public static Specimen Of(string name) => All.Single(specimen => specimen.Name == name);

    private static Func<Tensor> Floats(params long[] shape) => () => randn(shape);

    private static Func<Tensor> Shares(params long[] shape) => () => rand(shape);

    private static Func<Tensor> Classes(long count, params long[] shape) => () => randint(0, count, shape, ScalarType.Int64);

    private static Func<Tensor, Tensor, Tensor> CrossEntropy(double smoothing = 0) => (x, y) => F.cross_entropy(x, y, label_smoothing: smoothing);

    private static Tensor SequenceCrossEntropy(Tensor x, Tensor y) => F.cross_entropy(x.transpose(1, 2), y);

    private static Tensor BinaryCrossEntropy(Tensor x, Tensor y) => F.binary_cross_entropy_with_logits(x, y);
}
