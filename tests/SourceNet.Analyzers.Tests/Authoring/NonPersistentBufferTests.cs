using SourceNet.Analyzers.Authoring;

namespace SourceNet.Analyzers.Tests.Authoring;

public class NonPersistentBufferTests
{
    [Theory]
    [InlineData("{|SN5008:persistent: false|}", "x - mean")]
    [InlineData("{|SN5008:false|}", "x - mean")]
    public Task A_buffer_that_nothing_moves_is_reported(string persistent, string forward) => Code<NonPersistentBuffer>.Reports(
        Net($"register_buffer(\"mean\", mean, {persistent});", forward),
        "to() passes over 'mean' because of persistent: false, so it keeps its device and type while the model moves. Leave 'persistent' out, or move "
            + "'mean' in forward.");

    [Theory]
    [InlineData("x - get_buffer(\"center\")!")]
    [InlineData("x.to(ScalarType.Float32) - get_buffer(\"center\")!")]
    public Task A_buffer_that_the_module_alone_holds_is_reported(string forward) => Code<NonPersistentBuffer>.Reports(
        Net("register_buffer(\"center\", zeros(3), {|SN5008:persistent: false|});", forward),
        "to() passes over 'center' because of persistent: false, so it keeps its device and type while the model moves. Leave 'persistent' out, or move "
            + "'center' in forward.");

    [Theory]
    [InlineData("register_buffer(\"center\", zeros(3), persistent: false);", "x")]
    [InlineData("register_buffer(\"center\", zeros(3), persistent: false);", "x - get_buffer(\"other\")!")]
    [InlineData("register_buffer(\"center\", zeros(3), persistent: false);", "(get_buffer(\"center\") is { } center ? center : x).to(x.device)")]
    [InlineData("register_buffer(\"mean\", mean);", "x - mean")]
    [InlineData("register_buffer(\"mean\", mean, persistent: true);", "x - mean")]
    [InlineData("register_buffer(\"mean\", mean, persistent: false);", "x - mean.to(x.device)")]
    [InlineData("register_buffer(\"mean\", zeros(3), persistent: false);", "x - get_buffer(\"mean\")!.to(x.device)")]
    [InlineData("register_buffer(\"average\", mean, persistent: false); RegisterComponents();", "x - mean")]
    [InlineData("register_buffer(\"center\", zeros(3), persistent: false);", "(x = get_buffer(\"center\")!).sum() + x.to(CUDA)")]
    public Task A_buffer_that_is_moved_is_silent(string constructor, string forward) => Code<NonPersistentBuffer>.IsSilent(Net(constructor, forward));

    private static string Net(string constructor, string forward) =>
        $"class Net : nn.Module<Tensor, Tensor> {{ Tensor mean = torch.zeros(3); public Net() : base(\"Net\") {{ {constructor} }} public override Tensor "
            + $"forward(Tensor x) => {forward}; }}";
}
