using SourceNet.Analyzers.Optimizers;
using SourceNet.CodeFixes.Optimizers;

namespace SourceNet.Analyzers.Tests.Optimizers;

public class CoupledDecayTests
{
    [Theory]
    [InlineData(
        "Adam",
        "adds weight_decay to the gradient and divides it by the gradient's size: weights with large gradients hardly decay. Use AdamW, which decays every "
            + "weight by the same share.")]
    [InlineData(
        "NAdam",
        "adds weight_decay to the gradient and divides it by the gradient's size: weights with large gradients hardly decay. Use AdamW or SourceNet's "
            + "RegularizedNAdam, or leave weight_decay at 0.")]
    [InlineData(
        "RAdam",
        "adds weight_decay to the gradient and divides it by the gradient's size: weights with large gradients hardly decay. Use AdamW, or leave "
            + "weight_decay at 0.")]
    public Task The_message_says_what_to_write_instead(string optimizer, string message) =>
        Code<CoupledDecay>.Reports(
            $"class Trainer {{ object Make(nn.Module model) => torch.optim.{optimizer}(model.parameters(), {{|SN2001:weight_decay: 1e-2|}}); }}",
            $"{optimizer} {message}");

    [Theory]
    [InlineData("Adam(model.parameters(), 1e-3)")]
    [InlineData("Adam(model.parameters(), weight_decay: 0)")]
    [InlineData("AdamW(model.parameters(), weight_decay: 1e-2)")]
    [InlineData("SGD(model.parameters(), 0.1, weight_decay: 1e-2)")]
    public Task Without_decay_or_with_decoupled_decay_it_is_silent(string call) =>
        Code<CoupledDecay>.IsSilent($"class Trainer {{ object Make(nn.Module model) => torch.optim.{call}; }}");

    [Fact]
    public Task The_fix_writes_AdamW() => Code<CoupledDecay>.Fixes<CoupledDecayFix>(
        """
        class Trainer
        {
            void Train(nn.Module model)
            {
                var first = optim.Adam(model.parameters(), {|SN2001:weight_decay: 1e-2|});
                optim.Optimizer second = torch.optim.Adam(model.parameters(), 1e-3, {|SN2001:weight_decay: 0.1|});
            }
        }
        """,
        """
        class Trainer
        {
            void Train(nn.Module model)
            {
                var first = optim.AdamW(model.parameters(), weight_decay: 1e-2);
                optim.Optimizer second = torch.optim.AdamW(model.parameters(), 1e-3, weight_decay: 0.1);
            }
        }
        """);

    [Fact]
    public Task Where_only_an_Adam_fits_nothing_is_offered() => Code<CoupledDecay>.OffersNoFix<CoupledDecayFix>(
        """
        class Trainer(nn.Module model)
        {
            private readonly TorchSharp.Modules.Adam _optimizer = optim.Adam(model.parameters(), {|SN2001:weight_decay: 1e-2|});
            public void Step() => _optimizer.step();
        }
        """);
}
