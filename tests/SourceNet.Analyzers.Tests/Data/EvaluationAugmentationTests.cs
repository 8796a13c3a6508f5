using Microsoft.CodeAnalysis;
using SourceNet.Analyzers.Data;
using Check = SourceNet.Analyzers.Tests.Code<SourceNet.Analyzers.Data.EvaluationAugmentation>;

namespace SourceNet.Analyzers.Tests.Data;

/// <summary>SN4001.</summary>
public class EvaluationAugmentationTests
{
    [Theory]
    [InlineData("""datasets.MNIST("", train: false, target_transform: {|SN4001:RandomHorizontalFlip()|});""")]
    [InlineData("""datasets.MNIST("", false, false, {|SN4001:Augment()|});""")]
    [InlineData("""var augment = Compose(CenterCrop(8), ColorJitter(0.1f)); datasets.MNIST("", train: false, target_transform: {|SN4001:augment|});""")]
    [InlineData("""datasets.MNIST("", train: false, target_transform: {|SN4001:_augment|});""")]
    [InlineData("""var files = new Files("x", {|SN4001:Augment()|}); using var loader = utils.data.DataLoader(files, 8); Score(net, loader);""")]
    [InlineData(
        """
        using (var files = new Files("x", {|SN4001:Augment()|}))
        {
            net.eval();
            foreach (var batch in utils.data.DataLoader(files, 8)) { net.call(batch["data"]); }
        }
        """)]
    public async Task It_warns_of_random_evaluation_data(string body)
    {
        await Check.Reports(Of(body));
        var found = await Sources.Of(Marked.Read(Of(body)).Source).Analyze(new Only<EvaluationAugmentation>());
        Assert.Equal([DiagnosticSeverity.Warning], found.Select(diagnostic => diagnostic.Severity));
    }

    [Theory]
    [InlineData("""datasets.MNIST("", train: true, target_transform: Augment());""")]
    [InlineData("""datasets.MNIST("", train: false, target_transform: Compose(CenterCrop(8), HorizontalFlip()));""")]
    [InlineData("""datasets.MNIST("", train: false, target_transform: RandomHorizontalFlip(p: 0));""")]
    [InlineData("""datasets.MNIST("", train: given, target_transform: Augment());""")]
    [InlineData("""var noisyTest = datasets.MNIST("", train: false, target_transform: Augment());""")]
    [InlineData("""var files = new Files("x", Augment()); using var loader = utils.data.DataLoader(files, 8); Fit(net, loader); Score(net, loader);""")]
    [InlineData("""var files = new Files("x", Augment()); using var loader = utils.data.DataLoader(files, 8); Fit(net, loader);""")]
    [InlineData("""var testFiles = new Files("x", Augment()); using var loader = utils.data.DataLoader(testFiles, 8); Fit(net, loader);""")]
    [InlineData("""var files = new Files("x", Augment());""")]
    public Task Training_data_and_fixed_steps_are_silent(string body) => Check.IsSilent(Of(body));

    [Theory]
    [InlineData("""var testFiles = new Files("x", Augment());""")]
    [InlineData("""net.eval(); foreach (var image in images) { net.call(_augment.call(image)); }""")]
    [InlineData("""new Files("x", train: false, Augment());""")]
    public async Task It_is_a_hint_where_a_name_or_a_call_says_so_or_a_switch_may_turn_it_off(string body)
    {
        var found = await Sources.Of(Of(body)).Analyze(new Only<EvaluationAugmentation>());
        Assert.Equal([DiagnosticSeverity.Info], found.Select(diagnostic => diagnostic.Severity));
    }

    [Theory]
    [InlineData("""net.eval(); foreach (var image in images) { for (var i = 0; i < 8; i++) { net.call(_augment.call(image)); } }""")]
    [InlineData("""net.eval(); foreach (var image in images) { var y = net.call(_augment.call(image)) + net.call(_augment.call(image)); }""")]
    public Task An_average_over_random_views_is_silent(string body) => Check.IsSilent(Of(body));

    [Fact]
    public Task The_message_names_the_transform() => Check.Reports(
        Of("""datasets.MNIST("", false, target_transform: {|SN4001:Augment()|});"""),
        "RandomHorizontalFlip changes the evaluation data at random: the score is that of other data, and another one at each run. Give evaluation a "
            + "pipeline without it.");

    [Theory]
    [InlineData("new Batches(Cifar10.Test(path), {|SN4001:new Augmented()|}, 8);")]
    [InlineData("var test = Cifar10.Test(path); var augmented = new Augmented(); var batches = new Batches(test, {|SN4001:augmented|}, 8);")]
    [InlineData("new Batches(Mnist.Test(path), size: 8, transform: {|SN4001:new Augmentation(new RandomCrop(28, 2), normalize: Mnist.Normalize)|});")]
    [InlineData("new Batches(Cifar10.Test(path), {|SN4001:new Augmentation(policy: new RandAugment(), normalize: Cifar10.Normalize)|}, 8);")]
    [InlineData("new Batches(Cifar10.Test(path), {|SN4001:new Augmentation(resizedCrop: new(32))|}, 8);")]
    public async Task It_warns_of_augmented_test_images(string body)
    {
        await Check.Reports(OfBatches(body));
        var found = await Sources.Of(Marked.Read(OfBatches(body)).Source).Generated().Analyze(new Only<EvaluationAugmentation>());
        Assert.Equal([DiagnosticSeverity.Warning], found.Select(diagnostic => diagnostic.Severity));
    }

    [Theory]
    [InlineData("new Batches(Cifar10.Train(path), new Augmented(), 8);")]
    [InlineData("new Batches(Cifar10.Test(path), Cifar10.Normalize, 8);")]
    [InlineData("new Batches(Cifar10.Test(path), new Fixed(), 8);")]
    [InlineData("new Batches(Cifar10.Test(path), new Augmentation(crop: null, normalize: Cifar10.Normalize), 8);")]
    [InlineData("var augmentedTest = new Batches(Cifar10.Test(path), new Augmented(), 8);")]
    [InlineData("new Batches(images, new Augmented(), 8);")]
    public Task Other_batches_are_silent(string body) => Check.IsSilent(OfBatches(body));

    [Fact]
    public async Task It_is_a_hint_where_a_name_says_that_images_are_for_evaluation()
    {
        var found = await Sources.Of(OfBatches("var validation = new Batches(images, new Augmented(), 8);")).Analyze(new Only<EvaluationAugmentation>());
        Assert.Equal([DiagnosticSeverity.Info], found.Select(diagnostic => diagnostic.Severity));
    }

    private static string OfBatches(string body) =>
        $$"""
        using SourceNet.Training;

        [Augmentation, RandomCrop(32, Padding = 4), Normalize([0.5, 0.5, 0.5], [0.25, 0.25, 0.25])]
        partial class Augmented : Augmentation;

        [Augmentation, Normalize([0.5, 0.5, 0.5], [0.25, 0.25, 0.25])]
        partial class Fixed : Augmentation;

        class Program
        {
            void Main(string path, LabeledImages images)
            {
                {{body}}
            }
        }
        """;

    private static string Of(string body) =>
        $$"""
        using static TorchSharp.torchvision;
        using static TorchSharp.torchvision.transforms;

        class Files : utils.data.Dataset
        {
            public Files(string path, ITransform transform) { }

            public Files(string path, bool train, ITransform transform) { }

            public override long Count => 1;

            public override Dictionary<string, Tensor> GetTensor(long index) => [];
        }

        class Program
        {
            private readonly ITransform _augment = RandomHorizontalFlip();

            void Main(nn.Module<Tensor, Tensor> net, Tensor[] images, bool given)
            {
                {{body}}
            }

            private static ITransform Augment() => Compose(RandomHorizontalFlip(), CenterCrop(8));

            private static void Score(nn.Module<Tensor, Tensor> net, TorchSharp.Modules.DataLoader loader)
            {
                net.eval();
                foreach (var batch in loader)
                {
                    net.call(batch["data"]).argmax(1);
                }
            }

            private static void Fit(nn.Module<Tensor, Tensor> net, TorchSharp.Modules.DataLoader loader)
            {
                net.train();
                foreach (var batch in loader)
                {
                    net.call(batch["data"]).mean().backward();
                }
            }
        }
        """;
}
